//! A plain TCP proxy that keeps a copy of every byte, both ways: what anyone at the relay's door could see.

use crate::Step;
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// The proxy; it ends with the runtime of its test.
pub struct Recorder {
    port: u16,
    copy: Arc<Mutex<Vec<u8>>>,
    cut: watch::Sender<bool>,
}

impl Recorder {
    /// Listens on a port of its own and forwards to `target`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(target: &str) -> Step<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let copy = Arc::new(Mutex::new(Vec::new()));
        let (target, kept) = (target.to_owned(), copy.clone());
        let (cut, is_cut) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (target, kept, mut is_cut) = (target.clone(), kept.clone(), is_cut.clone());
                tokio::spawn(async move {
                    if *is_cut.borrow_and_update() {
                        return;
                    }
                    // A relay that is down closes the browser's connection, as a dead host would.
                    if let Ok(relay) = TcpStream::connect(&target).await {
                        let ((client_in, client_out), (relay_in, relay_out)) =
                            (client.into_split(), relay.into_split());
                        let both = async {
                            tokio::join!(
                                forward(client_in, relay_out, kept.clone()),
                                forward(relay_in, client_out, kept)
                            )
                        };
                        tokio::select! {
                            _ = both => {}
                            // Dropping both halves ends what was under way, too.
                            _ = is_cut.wait_for(|cut| *cut) => {}
                        }
                    }
                });
            }
        });
        Ok(Self { port, copy, cut })
    }

    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends every connection and lets none through, or lets them through again.
    pub fn cut(&self, cut: bool) {
        self.cut.send_replace(cut);
    }

    /// Everything seen so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.copy.lock().expect("no holder of the lock panics").clone()
    }
}

async fn forward(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, copy: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(n) = from.read(&mut buffer).await {
        if n == 0 || to.write_all(&buffer[..n]).await.is_err() {
            break;
        }
        copy.lock().expect("no holder of the lock panics").extend_from_slice(&buffer[..n]);
    }
    let _ = to.shutdown().await;
}
