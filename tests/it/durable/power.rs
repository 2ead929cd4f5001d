//! Power cuts: a file system stops there and then, and what it had not written is gone.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use rustix::process::Signal;

use super::load::{Load, Sent, mixed};
use super::mount::Mount;
use super::store::Book;
use super::{CONNECTIONS, any, cycles, listen};
use crate::support::{Wh, crash_points, needs};

/// `FS_IOC_SHUTDOWN` with the flag that leaves the log unwritten; both file systems take it.
/// It waits for a line, so that the cut comes at once when it is asked for.
const CUT: &str = "my $flags = pack('L', 2); open(my $dir, '<', $ARGV[0]) or die $!; \
                   $| = 1; print qq({}\\n); <STDIN>; ioctl($dir, 0x8004587d, $flags) or die $!";

/// A hand on the switch.
struct Switch(Child);

impl Switch {
    fn at(place: &Path) -> Self {
        let mut child = Command::new("perl")
            .args(["-e", CUT])
            .arg(place)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let ready = &mut [0; 3];
        child.stdout.as_mut().unwrap().read_exact(ready).unwrap();
        Self(child)
    }

    fn cut(mut self) {
        self.0.stdin.take().unwrap().write_all(b"\n").unwrap();
        assert!(self.0.wait().unwrap().success());
    }
}

/// The power goes while a listener that records there is under load; returns what was sent.
fn cut(mount: &mut Mount, listener: Wh) -> Vec<Sent> {
    let listener = listener.start_for_people();
    let load = Load::start(listener.addr(), CONNECTIONS, mixed);
    let switch = Switch::at(&mount.path());
    load.wait_accepted(any(1..200));
    let before = Instant::now();
    switch.cut();
    // What is answered from here on is answered without a disk.
    load.wait_refused(CONNECTIONS);
    listener.signal(Signal::KILL);
    let mut sent = load.end();
    // A sender whose answer comes after the power went is not there to read it: while a file system is
    // being shut down, what it says of its disk is not to be believed.
    sent.retain(|sent| sent.at < before);
    listener.wait();
    mount.again();
    sent
}

fn loses_nothing(kind: &str) {
    if !needs("sqlite3") || !needs("perl") {
        return;
    }
    let Some(mut mount) = Mount::image(kind) else {
        return;
    };
    // The folders in front are made by the first delivery's listener too.
    let store = mount.path().join("a/b/wh.db");
    let mut book = Book::of(&store);
    for _ in 0..cycles(5, 100) {
        let sent = cut(&mut mount, listen(&store));
        book.check(sent);
    }
    book.check_all();
}

#[test]
fn a_power_cut_loses_nothing_on_ext4() {
    loses_nothing("ext4");
}

#[test]
fn a_power_cut_loses_nothing_on_xfs() {
    loses_nothing("xfs");
}

/// What shows that the tests above can fail.
#[test]
fn a_power_cut_would_lose_what_was_not_waited_for() {
    let (Some(program), true, true) = (crash_points(), needs("sqlite3"), needs("perl")) else {
        return;
    };
    for kind in ["ext4", "xfs"] {
        let Some(mut mount) = Mount::image(kind) else {
            return;
        };
        let store = mount.path().join("wh.db");
        let mut book = Book::of(&store);
        let careless = || {
            let point = ("FAILPOINTS", "synchronous_normal=return");
            listen(&store).program(&program).env(point.0, point.1)
        };
        // The first cut may take the whole store with it.
        let first = listen(&store).start_for_people();
        first.interrupt();
        first.wait();
        let lost = (0..5).any(|_| {
            let sent = cut(&mut mount, careless());
            book.lost(sent) > 0
        });
        assert!(lost, "five cuts lost nothing on {kind}");
    }
}
