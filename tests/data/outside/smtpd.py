"""A real mail server for tests, on a port that the system chooses: aiosmtpd with STARTTLS and a login. It prints its port, then each
letter as a line of JSON. Ends when its standard input does."""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Keep:
    async def handle_DATA(self, server, session, envelope):
        letter = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "message": envelope.content.decode("latin-1"),
        }
        print(json.dumps(letter), flush=True)
        return "250 taken"


def login(server, session, envelope, mechanism, data):
    right = (data.login, data.password) == (b"svi", b"secret")
    return AuthResult(success=right, handled=False)  # the server itself then says 535


async def main(folder):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder + "/server.pem", folder + "/server.key")

    def session():
        return SMTP(Keep(), tls_context=tls, require_starttls=True, authenticator=login, auth_required=True)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main(sys.argv[1]))
