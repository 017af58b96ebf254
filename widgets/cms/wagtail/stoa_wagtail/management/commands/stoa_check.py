"""`manage.py stoa_check`: looks at the connection, and prints the line to change."""

from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError

from ...connection import host, settings


class Command(BaseCommand):
    """Asks the host what a page would ask. Changes nothing there, and makes no person known."""

    help = "Test the connection to the Stoa host; says which line to change where something is wrong."
    # The checks are part of what is printed here, in order.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--origin", help="origin of the pages, where it is not that of STOA['ISSUER']")

    def handle(self, *_args, origin=None, **_options):
        for problem in run_checks(tags=["stoa"]):
            if problem.is_serious():
                raise CommandError(f"{problem.msg}\nhint: {problem.hint}")
            self.stdout.write(f"warning: {problem.msg} {problem.hint}")
        self.stdout.write("ok: STOA in the settings is complete")
        try:
            for finding in host.examine(origin or settings.load().origin):
                if finding.hint:
                    raise CommandError(f"{finding.what}\nhint: {finding.hint}")
                self.stdout.write(f"ok: {finding.what}")
        except host.Unreachable as error:
            raise CommandError(f"the host stopped answering: {error}\nhint: try again; look at the host's log") from error
