//! A proxy between client and server that looks into nothing and cuts the line when it is told to. Asked for a tunnel it is
//! an HTTP proxy; otherwise it just stands in between.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A running proxy.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    passed: Arc<AtomicUsize>,
    tunnels: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Lets so many bytes of the server through, over all connections; then every line is dead.
    pub(crate) fn start(server: SocketAddr, bytes: usize) -> Proxy {
        Proxy::between(server, bytes, false)
    }

    /// Waits for `CONNECT` first, and goes to this server whatever is asked for.
    pub(crate) fn tunnel(server: SocketAddr) -> Proxy {
        Proxy::between(server, usize::MAX, true)
    }

    fn between(server: SocketAddr, bytes: usize, tunnel: bool) -> Proxy {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let proxy = Proxy {
            address: listener.local_addr().unwrap(),
            passed: Arc::default(),
            tunnels: Arc::default(),
        };
        let (passed, tunnels) = (proxy.passed.clone(), proxy.tunnels.clone());
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (passed, tunnels) = (passed.clone(), tunnels.clone());
                thread::spawn(move || {
                    if tunnel {
                        tunnels.lock().unwrap().push(asked_for(&client));
                    }
                    if passed.load(Ordering::SeqCst) < bytes {
                        join(&client, server, bytes, &passed);
                    }
                    let _ = client.shutdown(Shutdown::Both);
                });
            }
        });
        proxy
    }

    /// How many bytes of the server came through.
    pub(crate) fn passed(&self) -> usize {
        self.passed.load(Ordering::SeqCst)
    }

    /// Where tunnels were asked to.
    pub(crate) fn tunnels(&self) -> Vec<String> {
        self.tunnels.lock().unwrap().clone()
    }
}

fn asked_for(mut client: &TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && client.read_exact(&mut byte).is_ok() {
        head.push(byte[0]);
    }
    let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
    let head = String::from_utf8_lossy(&head).into_owned();
    head.lines().next().unwrap_or_default().to_owned()
}

fn join(client: &TcpStream, server: SocketAddr, bytes: usize, passed: &AtomicUsize) {
    let Ok(server) = TcpStream::connect(server) else {
        return;
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            let _ = std::io::copy(&mut &*client, &mut &server);
            let _ = server.shutdown(Shutdown::Both);
        });
        let mut part = [0; 1024];
        while let Ok(read @ 1..) = (&server).read(&mut part) {
            let before = passed.fetch_add(read, Ordering::SeqCst);
            let may_pass = bytes.saturating_sub(before).min(read);
            if (&*client).write_all(&part[..may_pass]).is_err() || may_pass < read {
                break;
            }
        }
        let _ = client.shutdown(Shutdown::Both);
        let _ = server.shutdown(Shutdown::Both);
    });
}
