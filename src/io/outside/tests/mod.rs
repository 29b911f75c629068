mod asking;
mod letters;
mod mailing;
mod safety;
mod server;
mod smtp;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::base::url::Url;
use crate::config::outside::Api;
use crate::flow::errand::{Body, Method};

/// A folder of its own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("svi-outside-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn folders(&self) -> Folders {
        Folders { outbox: self.0.join("outbox"), messages: self.0.join("messages") }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn get(url: impl Into<String>) -> Fetch {
    let timeout = Duration::from_secs(5);
    Fetch { method: Method::Get, url: url.into(), headers: Vec::new(), body: None, timeout }
}

fn post(url: impl Into<String>, text: &str) -> Fetch {
    let body = Body { content_type: "application/json", text: text.to_owned() };
    Fetch { method: Method::Post, body: Some(body), ..get(url) }
}

/// A site that lets these hosts be private.
fn site(hosts: &[&str]) -> Shared {
    let api = Api { private: true, ..Api::default() };
    Shared { apis: hosts.iter().map(|host| ((*host).to_owned(), api.clone())).collect(), ..Shared::default() }
}

/// A site that lets the host of an address be private.
fn site_of(url: &str) -> Shared {
    site(&[&Url::parse(url).expect("an address").authority()])
}

fn answer(status: u16, body: serde_json::Value) -> Fetched {
    Fetched::Answer { status, body }
}

/// Names as a test wants them: all are this address.
fn all_names_are(address: &'static str) -> Names {
    Arc::new(move |_, port| {
        let address = address.parse().expect("an address");
        Box::pin(async move { Ok(vec![std::net::SocketAddr::new(address, port)]) })
    })
}
