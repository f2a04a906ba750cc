"""Settings from the environment: typed, and refused loudly at the start."""

import pytest

from booking.config import ConfigError, load

LOCAL = {"SECRET_KEY": "k" * 40}


def test_a_local_run_needs_nothing(tmp_path):
    first = load({"INSTANCE_PATH": str(tmp_path)})
    again = load({"INSTANCE_PATH": str(tmp_path)})
    assert first["SECRET_KEY"] == again["SECRET_KEY"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert first["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/booking.sqlite3"


def test_postgresql_always_means_the_driver_we_have(tmp_path):
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        found = load({**LOCAL, "DATABASE_URL": f"{scheme}://u@h/d"})
        assert found["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u@h/d"


def test_the_public_host_is_trusted():
    found = load({**LOCAL, "PUBLIC_URL": "https://book.example/", "TRUSTED_HOSTS": "a.example"})
    assert {"book.example", "a.example"} <= set(found["TRUSTED_HOSTS"])
    assert found["PUBLIC_URL"] == "https://book.example"


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"PUBLIC_URL": "https://book.example"}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({**LOCAL, "DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({**LOCAL, "PUBLIC_URL": "book.example"}, "PUBLIC_URL"),
        ({**LOCAL, "SMTP_URL": "http://x", "MAIL_FROM": "a@b.c"}, "SMTP_URL"),
        ({**LOCAL, "SMTP_URL": "smtp://x"}, "MAIL_FROM"),
        ({**LOCAL, "MAIL_FROM": "A <a@b.c>"}, "MAIL_FROM"),
        ({**LOCAL, "SMTP_URL": "smtp://x:99999", "MAIL_FROM": "a@b.c"}, "SMTP_URL"),
        ({**LOCAL, "SMTP_URL": "smtp://me:contrase%C3%B1a@x", "MAIL_FROM": "a@b.c"}, "SMTP_URL"),
        ({**LOCAL, "MAIL_FROM": "niña@example.com"}, "MAIL_FROM"),
        ({**LOCAL, "PUBLIC_URL": "http://localhost:eighty"}, "PUBLIC_URL"),
        ({**LOCAL, "SMTP_CA_FILE": "/nowhere/ca.pem"}, "SMTP_CA_FILE"),
        ({**LOCAL, "MAIL_PER_MINUTE": "lots"}, "MAIL_PER_MINUTE"),
        ({**LOCAL, "PROXY_COUNT": "many"}, "PROXY_COUNT"),
        ({**LOCAL, "RUN_WORKER": "yes"}, "RUN_WORKER"),
        ({**LOCAL, "WEB_THREADS": "0"}, "WEB_THREADS"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(environment, word, tmp_path):
    with pytest.raises(ConfigError, match=word):
        load({"INSTANCE_PATH": str(tmp_path), **environment})


def test_a_senders_domain_is_written_as_the_name_service_has_it():
    found = load({**LOCAL, "MAIL_FROM": "hola@peluquería.es"})
    assert found["MAIL_FROM"] == "hola@xn--peluquera-n5a.es"
