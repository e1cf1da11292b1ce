//! Connections that nobody can read or change on their way. The only file that names rustls.

use super::network::{Bell, Control, Stream, Wait};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme, StreamOwned,
};
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// Whose certificates are trusted.
#[derive(Clone)]
pub struct Trusted(Arc<RootCertStore>);

impl Default for Trusted {
    fn default() -> Self {
        Self(Arc::new(RootCertStore::empty()))
    }
}

impl Trusted {
    /// What the machine trusts (`SSL_CERT_FILE` and `SSL_CERT_DIR` count); where it says nothing, what
    /// browsers do.
    #[must_use]
    pub fn of_machine() -> Self {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        Self(Arc::new(roots))
    }
}

/// How a connection is secured.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Security {
    /// Whether the other end has to prove who it is.
    pub validate: bool,
    /// Nothing older than TLS 1.3 is taken.
    pub newest_only: bool,
    /// Who we are: certificates and key in PEM format.
    pub identity: Option<Identity>,
}

/// A client's certificate and key, in PEM format.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    pub certificates: Vec<u8>,
    pub key: Vec<u8>,
}

impl Default for Security {
    fn default() -> Self {
        Self { validate: true, newest_only: false, identity: None }
    }
}

fn other(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

fn configuration(trusted: &Trusted, security: &Security) -> io::Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let versions: &[_] = if security.newest_only { &[&TLS13] } else { &[&TLS13, &TLS12] };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .map_err(other)?;
    let builder = if security.validate {
        builder.with_root_certificates(Arc::clone(&trusted.0))
    } else {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider)))
    };
    let Some(identity) = &security.identity else { return Ok(builder.with_no_client_auth()) };
    let chain = CertificateDer::pem_slice_iter(&identity.certificates).collect::<Result<Vec<_>, _>>();
    let key = PrivateKeyDer::from_pem_slice(&identity.key);
    builder.with_client_auth_cert(chain.map_err(other)?, key.map_err(other)?).map_err(other)
}

/// Secures a connection to `name`; done when both ends have agreed.
///
/// # Errors
/// The other end cannot prove who it is; the time is over; called off.
pub fn secure(
    stream: Box<dyn Stream>,
    name: &str,
    trusted: &Trusted,
    security: &Security,
    control: &Control,
    left: &dyn Fn() -> io::Result<Option<Duration>>,
) -> io::Result<Box<dyn Stream>> {
    let configuration = configuration(trusted, security)?;
    let name = name.trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(name).map_err(other)?;
    let connection = ClientConnection::new(Arc::new(configuration), name).map_err(other)?;
    let mut secured = Secured { tls: StreamOwned::new(connection, stream), closing: false };
    control.attach(secured.bell());
    while secured.tls.conn.is_handshaking() {
        control.check()?;
        match secured.tls.conn.complete_io(&mut secured.tls.sock) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => secured.wait(left()?)?,
            Err(error) => return Err(error),
        }
    }
    Ok(Box::new(secured))
}

struct Secured {
    tls: StreamOwned<ClientConnection, Box<dyn Stream>>,
    closing: bool,
}

impl Read for Secured {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.tls.read(into) {
            // Many servers close without saying so; what they send says itself where it ends.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
            done => done,
        }
    }
}

impl Write for Secured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What was not sent yet goes first, so that little is ever kept back.
        self.flush()?;
        self.tls.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        while self.tls.conn.wants_write() {
            self.tls.conn.write_tls(&mut self.tls.sock)?;
        }
        self.tls.sock.flush()
    }
}

impl Wait for Secured {
    fn wait(&mut self, limit: Option<Duration>) -> io::Result<()> {
        self.tls.sock.wait(limit)
    }

    fn bell(&self) -> Bell {
        self.tls.sock.bell()
    }
}

impl Stream for Secured {
    fn peer(&self) -> Option<SocketAddr> {
        self.tls.sock.peer()
    }

    fn close_writing(&mut self) -> io::Result<()> {
        if !self.closing {
            self.closing = true;
            self.tls.conn.send_close_notify();
        }
        self.flush()?;
        self.tls.sock.close_writing()
    }

    fn set_no_delay(&self, no_delay: bool) {
        self.tls.sock.set_no_delay(no_delay);
    }
}

/// Takes any certificate, where a program has asked for that.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
