use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use crate::capture::Registered;
use crate::delivery::socket_addresses;

use super::{is_local, own_listener, reaches};

/// A listener that takes connections, in a register of its own.
struct Own {
    register: TempDir,
    socket: TcpListener,
    _entry: Registered,
}

impl Own {
    fn new() -> Self {
        let register = tempfile::tempdir().expect("a directory");
        let socket = TcpListener::bind("127.0.0.1:0").expect("a socket");
        socket.set_nonblocking(true).expect("a socket");
        let address = socket.local_addr().expect("an address");
        let entry = Registered::enter(register.path(), &[address]).expect("an entry");
        Self {
            register,
            socket,
            _entry: entry,
        }
    }

    fn address(&self) -> SocketAddr {
        self.socket.local_addr().expect("an address")
    }

    fn port(&self) -> u16 {
        self.address().port()
    }

    async fn is_told(&self, url: &Url) -> bool {
        own_listener(self.register.path(), url).await.is_some()
    }

    /// Whether a connection to the URL arrives; addresses that leave the machine are not tried.
    async fn is_reached(&self, url: &Url) -> bool {
        let targets = socket_addresses(url).await;
        let mut targets = targets.iter().filter(|target| is_near(target.ip()));
        let is_reached = targets.any(|target| {
            let stream = TcpStream::connect_timeout(target, Duration::from_secs(5));
            // Another program may have the port on another address.
            let arrived = stream.and_then(|stream| stream.peer_addr());
            let arrived =
                arrived.map(|found| SocketAddr::new(found.ip().to_canonical(), found.port()));
            arrived.is_ok_and(|arrived| arrived == self.address())
        });
        // Room for the next.
        while self.socket.accept().is_ok() {}
        is_reached
    }
}

fn is_near(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    ip.is_loopback() || ip.is_unspecified()
}

/// URLs of a listener on 127.0.0.1 whose port stands for `{p}`.
const SPELLINGS: &[&str] = &[
    "http://127.0.0.1:{p}/",
    "http://localhost:{p}/hooks",
    "http://LocalHost:{p}",
    "http://127.0.0.1.:{p}/",
    "http://127.1:{p}/",
    "http://127.0.1:{p}/",
    "http://0x7f.1:{p}/",
    "http://0x7F.0x0.0x0.0x1:{p}/",
    "http://0x7f000001:{p}/",
    "http://2130706433:{p}/",
    "http://017700000001:{p}/",
    "http://0177.0.0.01:{p}/",
    "http://0:{p}/",
    "http://0.0.0.0:{p}/",
    "http://0x0:{p}/",
    "http://[::ffff:127.0.0.1]:{p}/",
    "http://[::FFFF:7f00:1]:{p}/",
    "http://[0:0:0:0:0:ffff:7f00:0001]:{p}/",
    "http://[::ffff:0.0.0.0]:{p}/",
    "http://user:word@127.0.0.1:{p}/",
    "http://192.0.2.1@127.0.0.1:{p}/",
    "http://192.0.2.1%40127.0.0.1:1@127.0.0.1:{p}/",
    "http://%31%32%37.0.0.1:{p}/",
    "http://１２７.０.０.１:{p}/",
    "http://①②⑦.0.0.1:{p}/",
    "http://127。0。0。1:{p}/",
    "http://ⓛocal\u{ad}host:{p}/",
    "http://127.0.\t0.1:{p}/",
    " http://127.0.0.1:{p}/ ",
    "http:127.0.0.1:{p}",
    "http:\\\\127.0.0.1:{p}\\",
    "HTTPS://127.0.0.1:0{p}/?a#b",
    "https://127.0.0.1:{p}/",
];

/// URLs that lead elsewhere, whatever they look like.
const OTHERS: &[&str] = &[
    "http://127.0.0.1:1/",
    "http://127.0.0.1/",
    "http://127.0.0.2:{p}/",
    "http://127.2:{p}/",
    "http://[::1]:{p}/",
    "http://[::]:{p}/",
    "http://[::127.0.0.1]:{p}/",
    "http://[64:ff9b::127.0.0.1]:{p}/",
    "http://192.0.2.1:{p}/",
    "http://192.0.2.1:{p}/@127.0.0.1:{p}/",
    "http://192.0.2.1:{p}#@127.0.0.1:{p}/",
    "http://192.0.2.1:{p}\\@127.0.0.1:{p}/",
    "http://127.0.0.1:{p}@192.0.2.1:{p}/",
    "http://nowhere.invalid:{p}/",
    "mailto:me@127.0.0.1",
];

#[tokio::test]
async fn every_spelling_of_its_address_is_known() {
    let own = Own::new();
    for (spellings, expected) in [(SPELLINGS, true), (OTHERS, false)] {
        for text in spellings {
            let text = text.replace("{p}", &own.port().to_string());
            let url = Url::parse(&text).expect(&text);
            assert_eq!(own.is_told(&url).await, expected, "{text}");
            assert_eq!(own.is_reached(&url).await, expected, "{text}");
        }
    }
}

/// A name with a dot at its end is for the system to look up: the two must agree.
#[tokio::test]
async fn a_name_leads_where_the_system_says() {
    let own = Own::new();
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    for name in ["localhost.", "ip6-localhost", "a.localhost", host.trim()] {
        let url = Url::parse(&format!("http://{name}:{}/", own.port()));
        let Ok(url) = url else { continue };
        assert_eq!(own.is_told(&url).await, own.is_reached(&url).await, "{url}");
    }
}

#[tokio::test]
async fn a_port_that_is_not_said_is_the_schemes() {
    for (url, port, expected) in [
        ("http://127.0.0.1/", 80, true),
        ("http://127.0.0.1/", 443, false),
        ("https://127.0.0.1/", 443, true),
        ("https://127.0.0.1:80/", 80, true),
    ] {
        let register = tempfile::tempdir().expect("a directory");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let _entry = Registered::enter(register.path(), &[address]).expect("an entry");
        let url = Url::parse(url).expect("a URL");
        let told = own_listener(register.path(), &url).await;
        assert_eq!(told, expected.then_some(address), "{url}");
    }
}

#[test]
fn where_it_is_bound_says_what_arrives() {
    // Of this machine are the loopback addresses and those that end in 7.
    let is_local = |address: SocketAddr| {
        let ip = address.ip();
        ip.is_loopback() || ip.to_string().ends_with('7')
    };
    for (listener, arrive, pass) in [
        (
            "127.0.0.1:9",
            &["127.0.0.1:9", "[::ffff:127.0.0.1]:9", "0.0.0.0:9"][..],
            &[
                "127.0.0.1:8",
                "127.0.0.2:9",
                "[::1]:9",
                "[::]:9",
                "192.0.2.7:9",
            ][..],
        ),
        (
            "[::ffff:127.0.0.1]:9",
            &["127.0.0.1:9", "[::ffff:127.0.0.1]:9", "0.0.0.0:9"],
            &["[::1]:9", "[::]:9"],
        ),
        (
            "127.0.0.2:9",
            &["127.0.0.2:9"],
            &["127.0.0.1:9", "0.0.0.0:9"],
        ),
        (
            "0.0.0.0:9",
            &[
                "127.0.0.1:9",
                "127.0.0.2:9",
                "192.0.2.7:9",
                "[::ffff:192.0.2.7]:9",
                "0.0.0.0:9",
            ],
            &[
                "127.0.0.1:8",
                "192.0.2.8:9",
                "[::1]:9",
                "[::]:9",
                "[2001:db8::7]:9",
            ],
        ),
        (
            "[::1]:9",
            &["[::1]:9", "[::]:9"],
            &["127.0.0.1:9", "0.0.0.0:9", "[2001:db8::7]:9"],
        ),
        (
            "[::]:9",
            &[
                "[::1]:9",
                "[::]:9",
                "[2001:db8::7]:9",
                "127.0.0.1:9",
                "0.0.0.0:9",
                "192.0.2.7:9",
            ],
            &["[::1]:8", "[2001:db8::8]:9", "192.0.2.8:9"],
        ),
        (
            "192.0.2.7:9",
            &["192.0.2.7:9", "[::ffff:192.0.2.7]:9"],
            &["127.0.0.1:9", "0.0.0.0:9", "192.0.2.8:9"],
        ),
    ] {
        let address = |text: &str| text.parse::<SocketAddr>().expect("an address");
        for (targets, expected) in [(arrive, true), (pass, false)] {
            for target in targets {
                let found = reaches(address(target), address(listener), is_local);
                assert_eq!(found, expected, "{target} at {listener}");
            }
        }
    }
}

#[test]
fn this_machine_has_the_addresses_that_can_be_bound() {
    for (address, expected) in [
        ("127.0.0.1:4600", true),
        ("192.0.2.1:4600", false),
        ("[2001:db8::1]:4600", false),
    ] {
        let found = is_local(address.parse().expect("an address"));
        assert_eq!(found, expected, "{address}");
    }
    let taken = TcpListener::bind("127.0.0.1:0").expect("a socket");
    assert!(is_local(taken.local_addr().expect("an address")));
}

/// Every string in a file: the lines, or what stands in JSON.
fn strings(path: &Path) -> Vec<String> {
    fn of_json(value: Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text),
            Value::Array(values) => values.into_iter().for_each(|value| of_json(value, found)),
            Value::Object(map) => map.into_iter().for_each(|(_, value)| of_json(value, found)),
            _ => {}
        }
    }
    let text = String::from_utf8_lossy(&std::fs::read(path).expect("a file")).into_owned();
    let Ok(value) = serde_json::from_str(&text) else {
        return text.lines().map(str::to_owned).collect();
    };
    let mut found = Vec::new();
    of_json(value, &mut found);
    found
}

/// The URLs in a corpus, with this port. Names are left out: they would be looked up in the world.
fn urls(folder: &Path, port: u16) -> Vec<Url> {
    let files = std::fs::read_dir(folder).expect("a corpus");
    let files = files.map(|file| file.expect("a file").path());
    let texts = files
        .filter(|path| path.is_file())
        .flat_map(|path| strings(&path));
    let urls = texts.flat_map(|text| [Url::parse(&text), Url::parse(&format!("http://{text}/"))]);
    let with_port = |mut url: Url| {
        url.host()
            .filter(|host| !matches!(host, url::Host::Domain(_)))?;
        url.set_port(Some(port)).ok()?;
        Some(url)
    };
    urls.flatten().filter_map(with_port).collect()
}

#[tokio::test]
async fn every_address_of_the_corpora_is_known_where_it_arrives() {
    let own = Own::new();
    for name in ["url-wpt", "ssrf"] {
        let folder = std::env::var_os("WH_CORPORA").map(|root| PathBuf::from(root).join(name));
        let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
            let line = format!("skipped: needs the corpus {name}\n");
            std::io::stderr()
                .write_all(line.as_bytes())
                .expect("a line");
            continue;
        };
        let urls = urls(&folder, own.port());
        let mut told = 0;
        for url in &urls {
            let is_told = own.is_told(url).await;
            assert_eq!(is_told, own.is_reached(url).await, "{url}");
            told += usize::from(is_told);
        }
        assert!(told > 0, "none of {} in {name}", urls.len());
    }
}
