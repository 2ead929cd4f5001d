//! TLS: the certificate a server shows, read or made, and the handshake.

use std::fmt::{self, Write as _};
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ServerConfig;
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use zeroize::Zeroizing;

/// What is spoken, the better first (ALPN, RFC 7301).
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// How a TLS handshake begins: record type 22, major version 3.
pub(super) const TLS_HANDSHAKE: &[u8] = &[22, 3];

/// A day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a certificate that is made here is valid: what Apple allows at most for one that a user
/// trusts (support.apple.com/103769).
const VALIDITY: Duration = Duration::from_secs(825 * 24 * 60 * 60);

/// A certificate with its key, ready to be shown.
#[derive(Clone)]
pub(crate) struct Identity {
    chain: Vec<CertificateDer<'static>>,
    acceptor: TlsAcceptor,
}

impl fmt::Debug for Identity {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Identity")
            .field(&self.fingerprint())
            .finish()
    }
}

/// A certificate that was just made, as PEM.
pub(crate) struct Made {
    /// The certificate, which clients are to trust.
    pub(crate) certificate: String,
    /// Its key, which nobody else may read.
    pub(crate) key: Zeroizing<String>,
}

/// Why a certificate cannot be used, or made.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum IdentityError {
    /// There is no certificate in PEM form.
    #[error("there is no certificate in it (PEM: `-----BEGIN CERTIFICATE-----`)")]
    NoCertificate,
    /// There is no key in PEM form that could be used.
    #[error("there is no private key in it (PEM: `-----BEGIN PRIVATE KEY-----`)")]
    NoKey,
    /// The key is another certificate's.
    #[error("the key does not belong to the certificate")]
    Mismatch,
    /// Anything else.
    #[error("the certificate cannot be used: {0}")]
    Unusable(String),
}

impl Identity {
    /// A certificate, with those that lead to its root after it, and its key, both in PEM form.
    pub(crate) fn read(certificate: &[u8], key: &[u8]) -> Result<Self, IdentityError> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate)
            .collect::<Result<_, _>>()
            .map_err(|_| IdentityError::NoCertificate)?;
        if chain.is_empty() {
            return Err(IdentityError::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| IdentityError::NoKey)?;
        let unusable = |error: rustls::Error| match error {
            rustls::Error::InconsistentKeys(_) => IdentityError::Mismatch,
            other => IdentityError::Unusable(other.to_string()),
        };
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_no_client_auth()
            .with_single_cert(chain.clone(), key)
            .map_err(unusable)?;
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).into();
        Ok(Self {
            chain,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }

    /// Whether a client that trusts this certificate accepts it at this time, by each of these names
    /// and addresses.
    pub(crate) fn serves(&self, names: &[String], at: SystemTime) -> bool {
        let (Some(own), Ok(since)) = (
            self.chain.first(),
            at.duration_since(SystemTime::UNIX_EPOCH),
        ) else {
            return false;
        };
        let mut roots = RootCertStore::empty();
        if roots.add(own.clone()).is_err() {
            return false;
        }
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider());
        let Ok(verifier) = verifier.build() else {
            return false;
        };
        let now = UnixTime::since_unix_epoch(since);
        names.iter().all(|name| {
            ServerName::try_from(name.as_str()).is_ok_and(|name| {
                verifier
                    .verify_server_cert(own, &[], &name, &[], now)
                    .is_ok()
            })
        })
    }

    /// The SHA-256 fingerprint of the certificate, as `openssl x509 -fingerprint` writes it.
    pub(crate) fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.chain.first().map_or(&[][..], |own| own));
        let mut text = String::with_capacity(3 * digest.len());
        for byte in digest {
            let colon = if text.is_empty() { "" } else { ":" };
            let _ = write!(text, "{colon}{byte:02X}");
        }
        text
    }

    /// Does a server's part of a handshake.
    pub(super) async fn shake_hands(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }
}

/// Whether a client wants HTTP/2.
pub(super) fn speaks_http2(stream: &TlsStream<TcpStream>) -> bool {
    stream.get_ref().1.alpn_protocol() == Some(PROTOCOLS[0])
}

/// Makes a certificate for these names and addresses, valid from the day before `now`: a client's
/// clock may be behind.
///
/// It is its own root and no authority: who trusts it trusts these names alone.
pub(crate) fn make_identity(names: &[String], now: SystemTime) -> Result<Made, IdentityError> {
    let unusable = |error: rcgen::Error| IdentityError::Unusable(error.to_string());
    let mut params = CertificateParams::new(names).map_err(unusable)?;
    params.not_before = (now - DAY).into();
    params.not_after = (now - DAY + VALIDITY).into();
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
        .distinguished_name
        .push(DnType::CommonName, "wh listen");
    let key = KeyPair::generate().map_err(unusable)?;
    let certificate = params.self_signed(&key).map_err(unusable)?;
    Ok(Made {
        certificate: certificate.pem(),
        key: Zeroizing::new(key.serialize_pem()),
    })
}

/// What TLS is made of, the same that the client has.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

#[cfg(test)]
mod tests {
    use super::{DAY, Identity, IdentityError, Made, SystemTime, VALIDITY, make_identity};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn made(for_names: &[&str]) -> Made {
        make_identity(&names(for_names), SystemTime::now()).expect("valid names")
    }

    fn read(made: &Made) -> Identity {
        Identity::read(made.certificate.as_bytes(), made.key.as_bytes()).expect("a pair")
    }

    #[test]
    fn what_was_made_serves_its_names_for_its_time() {
        let identity = read(&made(&["localhost", "127.0.0.1", "::1"]));
        let now = SystemTime::now();
        let rows: [(&[&str], SystemTime, bool); 9] = [
            (&["localhost", "127.0.0.1", "::1"], now, true),
            (&["::1"], now, true),
            (&["localhost", "192.0.2.1"], now, false),
            (&["example.com"], now, false),
            (&["not a name"], now, false),
            (&["localhost"], now - DAY / 2, true),
            (&["localhost"], now - 2 * DAY, false),
            (&["localhost"], now + VALIDITY - 2 * DAY, true),
            (&["localhost"], now + VALIDITY, false),
        ];
        for (wanted, at, expected) in rows {
            assert_eq!(identity.serves(&names(wanted), at), expected, "{wanted:?}");
        }
    }

    #[test]
    fn no_two_are_the_same() {
        let (one, other) = (made(&["localhost"]), made(&["localhost"]));
        assert_ne!(read(&one).fingerprint(), read(&other).fingerprint());
        let fingerprint = read(&one).fingerprint();
        assert_eq!(fingerprint, read(&one).fingerprint());
        assert_eq!(fingerprint.split(':').count(), 32);
    }

    #[test]
    fn what_is_no_pair_is_named() {
        let (one, other) = (made(&["localhost"]), made(&["localhost"]));
        let (certificate, key) = (one.certificate.as_str(), one.key.as_str());
        let rows = [
            ("", key, IdentityError::NoCertificate),
            (key, key, IdentityError::NoCertificate),
            ("rubbish", key, IdentityError::NoCertificate),
            (
                "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
                key,
                IdentityError::NoCertificate,
            ),
            (certificate, "", IdentityError::NoKey),
            (certificate, certificate, IdentityError::NoKey),
            (certificate, &other.key, IdentityError::Mismatch),
        ];
        for (certificate, key, expected) in rows {
            let read = Identity::read(certificate.as_bytes(), key.as_bytes());
            assert_eq!(read.map(|_| ()), Err(expected));
        }
        let hollow = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let read = Identity::read(hollow.as_bytes(), key.as_bytes());
        assert!(matches!(read.err(), Some(IdentityError::Unusable(_))));
    }

    #[test]
    fn a_name_that_no_certificate_can_hold_is_told() {
        let made = make_identity(&names(&["caf\u{e9}"]), SystemTime::now());
        assert!(matches!(made.err(), Some(IdentityError::Unusable(_))));
    }
}
