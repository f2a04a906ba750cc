"""The libraries that know the application, made once and given to it in `create_app`."""

from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from booking.web.catalogs import OurBabel

babel = OurBabel()
csrf = CSRFProtect()
login_manager = LoginManager()
migrate = Migrate()
