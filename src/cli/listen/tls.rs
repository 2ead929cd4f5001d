//! The certificate that `wh listen` shows, and where it is kept.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::report::Certificate;
use crate::server::{Identity, IdentityError, Made, make_identity};
use crate::store::{private_directory, private_file};

use super::place::literal;

/// The names by which every listener may be reached.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// How long a kept certificate must stay valid to be shown once more: as long as a listener may run.
const REMAINING: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Whether TLS is spoken, and with which certificate.
#[derive(Debug, clap::Args)]
pub(super) struct TlsArgs {
    /// Speak TLS, with a certificate made for localhost and --host
    #[arg(long)]
    tls: bool,
    /// Speak TLS with this certificate (PEM, those up to its root after it)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
}

impl TlsArgs {
    /// The certificate to show, where TLS is asked for; one that is made is for `host` too.
    pub(super) fn secured(
        &self,
        context: &Context,
        host: &str,
    ) -> Result<Option<(Identity, Certificate)>, Error> {
        let (identity, path) = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => (given(certificate, key)?, certificate.clone()),
            _ if self.tls => kept(&context.paths.certificate(), &names(host))?,
            _ => return Ok(None),
        };
        let fingerprint = identity.fingerprint();
        Ok(Some((identity, Certificate { path, fingerprint })))
    }
}

/// The longest file that is read, in bytes: 1 MiB, far beyond any chain of certificates.
const LONGEST: u64 = 1 << 20;

/// The bytes of a file, which holds no certificate and no key where there are too many.
fn read_most(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes));
    let wrong = match read {
        Ok(_) if bytes.len() as u64 <= LONGEST => return Ok(bytes),
        Ok(_) => format!("`{}` is longer than 1 MiB", path.display()),
        Err(error) => format!("cannot read `{}`: {error}", path.display()),
    };
    Err(Error::input(wrong).hint("--tls alone makes a certificate by itself"))
}

/// The certificate of the user's own files.
fn given(certificate: &Path, key: &Path) -> Result<Identity, Error> {
    let (chain, secret) = (read_most(certificate)?, Zeroizing::new(read_most(key)?));
    Identity::read(&chain, &secret).map_err(|error| {
        let (path, hint) = match error {
            IdentityError::NoCertificate | IdentityError::Unusable(_) => {
                (certificate, "--tls alone makes a certificate by itself")
            }
            IdentityError::NoKey => (key, "--tls-key takes the file with the private key"),
            IdentityError::Mismatch => (key, "--tls-cert and --tls-key take the files of one pair"),
        };
        Error::input(format!("`{}`: {error}", path.display())).hint(hint)
    })
}

/// The names by which a listener is reached that is bound to this host.
fn names(host: &str) -> Vec<String> {
    let host = literal(host);
    let is_wildcard = host.parse().is_ok_and(|ip: IpAddr| ip.is_unspecified());
    let other = (!is_wildcard && !OWN_NAMES.contains(&host)).then_some(host);
    let names = OWN_NAMES.into_iter().chain(other);
    names.map(str::to_owned).collect()
}

/// The certificate that is kept in a directory, made anew where it does not serve these names, or not
/// for long; and its file.
fn kept(directory: &Path, names: &[String]) -> Result<(Identity, PathBuf), Error> {
    let (certificate, key) = (directory.join("cert.pem"), directory.join("key.pem"));
    let failed = |error: io::Error| {
        let directory = directory.display();
        Error::input(format!(
            "cannot keep a certificate in `{directory}`: {error}"
        ))
        .hint("--tls-cert and --tls-key take files of your own")
    };
    private_directory(directory).map_err(failed)?;
    // Two listeners that start at once show the same one.
    let lock = File::create(directory.join("lock")).map_err(failed)?;
    lock.lock().map_err(failed)?;
    let now = SystemTime::now();
    let found = read_pair(&certificate, &key)
        .filter(|identity| identity.serves(names, now) && identity.serves(names, now + REMAINING));
    if let Some(identity) = found {
        return Ok((identity, certificate));
    }
    let unusable = |error: IdentityError| Error::input(error.to_string());
    let Made {
        certificate: chain,
        key: secret,
    } = make_identity(names, now).map_err(unusable)?;
    write(&key, secret.as_bytes()).map_err(failed)?;
    write(&certificate, chain.as_bytes()).map_err(failed)?;
    let identity = Identity::read(chain.as_bytes(), secret.as_bytes()).map_err(unusable)?;
    Ok((identity, certificate))
}

/// The certificate in these files; `None` where there is none that could be shown.
fn read_pair(certificate: &Path, key: &Path) -> Option<Identity> {
    let chain = fs::read(certificate).ok()?;
    let secret = Zeroizing::new(fs::read(key).ok()?);
    Identity::read(&chain, &secret).ok()
}

/// Writes a file anew that only its owner may read.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    private_file(path)?.write_all(bytes)
}
