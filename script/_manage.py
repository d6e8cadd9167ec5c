"""Runs one of Django's commands as the owner of the clinic's database, or `remind` as the web does. `script/manage` makes the
environment for it."""

import sys
from contextlib import ExitStack, closing

from database.binaries import LauncherError
from database.embedded import Cluster
from database.roles import APP, OWNER
from script._children import Ended, end_on_signals, run
from script._server import Choices, connect, environments, refuse_mixing


def main(arguments: list[str]) -> int:
    end_on_signals()
    try:
        with ExitStack() as stack:
            choices = Choices.read()
            app_url, owner_url = addresses(choices, stack)
            with closing(connect(owner_url)) as connection:
                refuse_mixing(choices.demo, connection)
            web, owner = environments(choices, app_url, owner_url)
            environment = web if arguments[:1] == ["remind"] else owner
            return run([sys.executable, "manage.py", *arguments], environment)
    except Ended:
        return 130
    except LauncherError as error:
        print(error, file=sys.stderr)
        return 1


def addresses(choices: Choices, stack: ExitStack) -> tuple[str, str]:
    """The app role's and the owner's; the embedded server is started for this command when none runs."""
    if choices.database_url:
        return choices.database_url, choices.owner_url
    cluster = Cluster(choices.home, say=lambda line: print(line, file=sys.stderr))
    if not cluster.join():
        stack.enter_context(cluster)
    return cluster.url(APP), cluster.url(OWNER)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
