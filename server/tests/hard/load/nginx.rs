//! nginx, where it is installed, over the files of a shop: by itself, and told by the shop what to send.

use super::prepared::Prepared;
use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long it may take to open.
const OPENS: Duration = Duration::from_secs(20);

pub struct Nginx {
    process: Child,
    program: PathBuf,
    folder: TempDir,
    storage: PathBuf,
    ports: [u16; 2],
    /// Where the files are.
    pub files: String,
    /// Where the shop is.
    pub shop: String,
}

impl Nginx {
    /// None where it is not installed.
    pub fn start(shop: &Prepared) -> Option<Self> {
        // Where `make setup` puts it.
        let taken = std::env::var_os("LECTERN_CACHE").map(|cache| PathBuf::from(cache).join("proxies/usr/sbin/nginx"));
        let installed = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"].into_iter().map(PathBuf::from);
        let program = taken.into_iter().chain(installed).find(|path| path.is_file())?;
        let folder = TempDir::new().unwrap();
        let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port());
        let [files, shop_port] = ports.map(|port| format!("http://127.0.0.1:{port}"));
        let storage = shop.storage();
        write(folder.path(), &storage, ports, &shop.server.address);
        let process = running(&program, folder.path()).stdin(Stdio::null()).spawn().unwrap();
        let nginx = Self { process, program, folder, storage, ports, files, shop: shop_port };
        let until = Instant::now() + OPENS;
        while ports.iter().any(|port| TcpStream::connect(("127.0.0.1", *port)).is_err()) {
            assert!(Instant::now() < until, "nginx does not open");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(nginx)
    }

    /// Passes on what is asked of the shop to this server.
    pub fn pass_on_to(&self, address: &str) {
        write(self.folder.path(), &self.storage, self.ports, address);
        let told = running(&self.program, self.folder.path()).args(["-s", "reload"]).status().unwrap();
        assert!(told.success());
        // Its old processes answer until the new ones are there.
        std::thread::sleep(Duration::from_secs(1));
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = running(&self.program, self.folder.path()).args(["-s", "stop"]).status();
        let _ = self.process.wait();
    }
}

fn running(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).args(["-e", "error.log"]);
    command
}

fn write(folder: &Path, storage: &Path, [files, shop]: [u16; 2], address: &str) {
    let mut conf = String::from("daemon off;\npid nginx.pid;\nworker_processes auto;\n");
    if rustix::process::getuid().is_root() {
        conf.push_str("user root;\n");
    }
    let storage = storage.display();
    write!(
        conf,
        "events {{ worker_connections 2048; }}
http {{
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    upstream lectern {{ server {}; keepalive 64; keepalive_requests 1000000; }}
    server {{ listen 127.0.0.1:{files}; root {storage}; }}
    server {{
        listen 127.0.0.1:{shop};
        location / {{ proxy_pass http://lectern; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header Host $host; }}
        location /stored/ {{ internal; alias {storage}/; }}
    }}
}}
",
        address.trim_start_matches("http://")
    )
    .unwrap();
    std::fs::write(folder.join("nginx.conf"), conf).unwrap();
}
