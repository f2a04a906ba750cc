"""The commands that bring articles in and take them out."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from booking import clock
from booking.articles import exporting, import_plan, import_steps, sources
from booking.articles.import_plan import Plan, Step, Verb, Wanted
from booking.articles.import_report import Report
from booking.articles.sources import files
from booking.articles.sources.files import Member
from booking.articles.sources.found import Found, SourceError, Told
from booking.database import db, transact
from booking.domain.errors import Refusal
from booking.practice import queries as practice

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("import")
@click.argument("source", metavar="FILE|FOLDER", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--topics", default="", help="Topics for every article, with commas: hip,massage.")
@click.option("--make-topics", is_flag=True, help="Make the topics that are not known here.")
@click.option("--overwrite", is_flag=True, help="Replace what was changed here as well.")
@click.option("--pages", is_flag=True, help="Of a blog take its pages too, not only its posts.")
@click.option("--uploads", type=FOLDER, help="Where the pictures of a blog lie: its uploads.")
def import_articles(
    source: Path,
    dry_run: bool,
    topics: str,
    make_topics: bool,
    overwrite: bool,
    pages: bool,
    uploads: Path | None,
) -> None:
    """Bring articles in: a WordPress export, Markdown with front matter, or plain text.

    Again brings them up to date and makes nothing twice. What was changed here in the meantime
    is named and left, unless --overwrite is given.
    """
    slugs = tuple(filter(None, (word.strip() for word in topics.split(","))))
    root = source if source.is_dir() else None
    zone = practice.current().zone
    told = Told(zone, clock.utcnow(), pages=pages, uploads=uploads, root=root)
    report = Report(Plan(), is_dry=dry_run)
    founds = list(_read(_files(source), told, report))
    try:
        report.plan = import_plan.plan(founds, Wanted(slugs, make_topics, overwrite))
    except ValueError as error:
        raise click.ClickException(f"{source.name}: {error}") from error
    steps = [step for step in report.plan.steps if import_steps.is_to_write(step)]
    with click.progressbar(steps, label="Trying" if dry_run else "Writing", file=sys.stderr) as bar:
        for step in bar:
            if dry_run:
                import_steps.look(step)
            else:
                _write(step, report.plan)
    for line in report.lines():
        click.echo(line)
    sys.exit(1 if report.refused else 0)


def _files(source: Path) -> Sequence[Member]:
    if source.is_dir():
        folder = source.resolve().name
        found = files.members(source)
        return [member._replace(name=f"{folder}/{member.name}") for member in found]
    return [Member(source, f"{source.resolve().parent.name}/{source.name}")]


def _read(members: Sequence[Member], told: Told, report: Report) -> Iterator[Found]:
    """Yield what the files hold; what is wrong with one goes into the report, on a line."""
    with click.progressbar(members, label="Reading", file=sys.stderr) as bar:
        for member in bar:
            if member.fault:
                report.refused.append((member.name, member.fault))
                continue
            try:
                harvest = sources.harvest(member.path, told, member.name)
            except SourceError as error:
                report.refused.append((member.name, str(error)))
                continue
            except (ValueError, OverflowError, RecursionError) as error:
                # What a file was made for that is to break whoever reads it.
                fault = f"cannot be read as an article ({type(error).__name__})"
                report.refused.append((member.name, fault))
                continue
            report.left += harvest.left
            report.notes += [f"{member.name}: {note}" for note in harvest.notes]
            yield from harvest.found


def _write(step: Step, plan: Plan) -> None:
    drawn = import_steps.draw(step)
    try:
        transact(import_steps.take, step, drawn, plan.new_topics, clock.utcnow())
    except import_steps.Overtaken:
        step.verb, step.reason = Verb.LEFT, "it was changed here a moment ago: run this again"
    except (ValueError, Refusal) as error:
        step.verb, step.reason = Verb.LEFT, str(error)
    except DBAPIError as error:
        db.session.rollback()
        step.verb, step.reason = Verb.LEFT, f"the database refused it ({type(error).__name__})"


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_articles(folder: Path) -> None:
    """Write all articles into FOLDER, as Markdown with front matter, their pictures beside them."""
    many = exporting.count()
    written = exporting.export_all(folder)
    try:
        with click.progressbar(written, many, "Writing", file=sys.stderr) as bar:
            done = sum(1 for _path in bar)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written ({error.strerror}).") from error
    click.echo(f"{done} articles are in {folder}.")
