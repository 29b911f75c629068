//! Whom we believe to be who they say: the certificates of the system (Debian's `ca-certificates`, to which an operator can
//! add his own), and those that the site names for one host. TLS 1.2 and 1.3, by rustls and ring.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::base::diagnostic::Text;
use crate::say;

/// The certificates of the system.
#[derive(Clone)]
pub(crate) struct Trust {
    roots: Arc<RootCertStore>,
}

impl Trust {
    /// Reads them; a system without any trusts nobody.
    pub(crate) fn of_system() -> Self {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        let (added, _) = roots.add_parsable_certificates(found.certs);
        if added == 0 {
            tracing::warn!(errors = ?found.errors, "the system trusts no certificate: apt-get install ca-certificates");
        }
        Self { roots: Arc::new(roots) }
    }

    /// How TLS is spoken, with one more file of certificates that are trusted.
    ///
    /// # Errors
    /// The file cannot be read, or has no certificate.
    pub(crate) fn config(&self, more: Option<&Path>) -> Result<Arc<ClientConfig>, Text> {
        let mut roots = Arc::clone(&self.roots);
        if let Some(path) = more {
            let mut all = RootCertStore::clone(&roots);
            let (added, _) = all.add_parsable_certificates(certificates(path)?);
            if added == 0 {
                return Err(say!("there is no certificate in {}", path.display()));
            }
            roots = Arc::new(all);
        }
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder =
            builder.with_safe_default_protocol_versions().map_err(|why| Text::raw(why.to_string()))?;
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Text> {
    let refused =
        |why: &dyn std::fmt::Display| say!("the certificates of {} cannot be read: {}", path.display(), why);
    let file = CertificateDer::pem_file_iter(path).map_err(|why| refused(&why))?;
    file.collect::<Result<_, _>>().map_err(|why| refused(&why))
}
