"""A real IMAP server for a test: Dovecot from Debian, on a free port, with a mailbox for anybody who says `secret`.

Dovecot is what most councils' mailboxes that speak IMAP run on; no server on PyPI is kept as well.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from imaplib import IMAP4
from pathlib import Path

from tests.operations.living import free_port

SETTINGS = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {internal_group}
mail_location = maildir:~/Maildir
first_valid_uid = 1
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def program() -> str:
    found = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert found, "the tests of the mailbox need an IMAP server: install the package dovecot-imapd"
    return found


@contextmanager
def running() -> Iterator[int]:
    """The port, while it runs. Its folder is open to the user without rights as whom it reads mail."""
    with tempfile.TemporaryDirectory(prefix="commonhall-dovecot-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        with _running(Path(folder)) as port:
            yield port


@contextmanager
def _running(folder: Path) -> Iterator[int]:
    port, root = free_port(), os.getuid() == 0
    me = pwd.getpwuid(os.getuid()).pw_name
    owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.getuid())
    (folder / "mail").mkdir()
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    settings = folder / "dovecot.conf"
    settings.write_text(
        SETTINGS.format(
            folder=folder,
            port=port,
            login="dovenull" if root else me,
            internal="dovecot" if root else me,
            internal_group="dovecot" if root else owner.pw_gid,
            owner=owner.pw_uid,
            owner_group=owner.pw_gid,
        )
    )
    server = subprocess.Popen([program(), "-F", "-c", str(settings)])
    try:
        _wait(server, port, folder)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait(server: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            IMAP4("127.0.0.1", port, timeout=5).logout()
            return
        except (OSError, IMAP4.error):
            log = folder / "log"
            assert server.poll() is None, log.read_text() if log.exists() else "Dovecot ended"
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
