"""Whoever cannot prove the name is not talked to: a real server with a certificate of its own making."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services_dir.errors import InvalidError
from services_dir.exchange.checks import HttpAsker
from services_dir.exchange.imports.fetching import Client


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory):
    """A file with a key and a certificate for localhost that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def server(self_signed):
    """The address of a server that notes what it is sent once the connection is secure."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed)
    heard: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        heard.append(secure.recv(1000))
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}", heard
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def ask_as_check(address):
    return HttpAsker(address, allows_private=True)("/services")


def ask_as_import(address):
    waited: list[float] = []
    try:
        return Client(address, allows_private=True, sleep=waited.append).get("services")
    finally:
        assert waited == []  # it is not asked again


@pytest.mark.parametrize("ask", [ask_as_check, ask_as_import])
def test_a_certificate_that_nobody_vouches_for_is_refused_with_a_sentence(server, ask):
    address, heard = server

    with pytest.raises(InvalidError, match=r"certificate of “localhost” is not to be trusted: self\Wsigned"):
        ask(address)

    assert b"".join(heard) == b""
