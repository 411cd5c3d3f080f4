//! Doors between a shop and the servers that it needs, which can be shut for a while; and a post office behind one of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A door. While it is shut whoever comes is sent away, and whoever was inside is put out.
pub struct Door {
    /// What stands behind it.
    pub name: &'static str,
    port: u16,
    open: watch::Sender<bool>,
}

impl Door {
    /// A door before what listens at `target`, such as `127.0.0.1:5432`.
    pub async fn before(name: &'static str, target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, seen) = watch::channel(true);
        let target = target.to_owned();
        tokio::spawn(async move {
            while let Ok((visitor, _)) = listener.accept().await {
                let (target, mut seen) = (target.clone(), seen.clone());
                tokio::spawn(async move {
                    if *seen.borrow() {
                        tokio::select! {
                            () = pass(visitor, &target) => {}
                            _ = seen.wait_for(|open| !open) => {}
                        }
                    }
                });
            }
        });
        Self { name, port, open }
    }

    /// Where the shop finds it.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn shut(&self) {
        self.open.send_replace(false);
    }

    pub fn reopen(&self) {
        self.open.send_replace(true);
    }
}

async fn pass(mut visitor: TcpStream, target: &str) {
    if let Ok(mut server) = TcpStream::connect(target).await {
        let _ = copy_bidirectional(&mut visitor, &mut server).await;
    }
}

/// Takes whatever mail comes (RFC 5321) and counts it.
pub struct PostOffice {
    pub address: String,
    taken: Arc<AtomicUsize>,
}

impl PostOffice {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = taken.clone();
        tokio::spawn(async move {
            while let Ok((visitor, _)) = listener.accept().await {
                let counted = counted.clone();
                tokio::spawn(async move {
                    let _ = counter(visitor, &counted).await;
                });
            }
        });
        Self { address, taken }
    }

    /// Mails that came.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }
}

async fn counter(visitor: TcpStream, taken: &AtomicUsize) -> std::io::Result<()> {
    let mut line = BufReader::new(visitor);
    line.write_all(b"220 post\r\n").await?;
    let (mut said, mut in_mail) = (String::new(), false);
    loop {
        said.clear();
        if tokio::time::timeout(Duration::from_secs(120), line.read_line(&mut said)).await?? == 0 {
            return Ok(());
        }
        let word = said.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (in_mail, word.as_str()) {
            (true, ".") => {
                taken.fetch_add(1, Ordering::Relaxed);
                in_mail = false;
                "250 taken\r\n"
            }
            (true, _) => continue,
            (false, "DATA") => {
                in_mail = true;
                "354 go on\r\n"
            }
            (false, "QUIT") => return line.write_all(b"221 bye\r\n").await,
            (false, _) => "250 well\r\n",
        };
        line.write_all(answer.as_bytes()).await?;
    }
}

#[tokio::test]
async fn a_door_that_is_shut_puts_everybody_out_until_it_is_opened_again() {
    let post = PostOffice::open().await;
    let door = Door::before("the post", &post.address).await;
    let greeting = async || {
        let mut visitor = BufReader::new(TcpStream::connect(door.address()).await.unwrap());
        let mut said = String::new();
        visitor.read_line(&mut said).await.map(|_| (said, visitor))
    };
    let (said, mut inside) = greeting().await.unwrap();
    assert_eq!(said, "220 post\r\n");
    door.shut();
    let mut more = String::new();
    assert!(inside.read_line(&mut more).await.map_or(true, |read| read == 0), "{more}");
    assert!(greeting().await.map_or(true, |(said, _)| said.is_empty()));
    door.reopen();
    assert_eq!(greeting().await.unwrap().0, "220 post\r\n");
}
