//! `load ADDRESS SECONDS CONNECTIONS PATH`: asks for a page over and over on connections that stay open, as plain HTTP/1.1
//! without compression, and prints answers a second, the median and the 95th percentile in milliseconds, the bytes of an
//! answer, and how many were not 200.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

/// Not counted: connections are opened, and what a server remembers is looked up.
const WARM: Duration = Duration::from_secs(2);

#[derive(Default)]
struct Seen {
    took: Vec<Duration>,
    bytes: usize,
    refused: usize,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [address, seconds, connections, path] = words.as_slice() else {
        eprintln!("usage: load ADDRESS SECONDS CONNECTIONS PATH");
        std::process::exit(2);
    };
    let long = Duration::from_secs(seconds.parse().expect("seconds"));
    let connections: usize = connections.parse().expect("connections");
    let from = Instant::now() + WARM;
    let asking: Vec<_> = (0..connections)
        .map(|_| {
            let (address, path) = (address.clone(), path.clone());
            thread::spawn(move || ask(&address, &path, from, from + long))
        })
        .collect();
    let mut all = Seen::default();
    for one in asking {
        let seen = one.join().expect("a connection was not lost").expect("the server answers");
        all.took.extend(seen.took);
        all.bytes = all.bytes.max(seen.bytes);
        all.refused += seen.refused;
    }
    all.took.sort_unstable();
    let at = |percent: usize| {
        let place = (all.took.len() * percent / 100).min(all.took.len().saturating_sub(1));
        all.took.get(place).map_or(f64::NAN, |took| took.as_secs_f64() * 1000.0)
    };
    let a_second = all.took.len() as f64 / long.as_secs_f64();
    println!("{a_second:.0} {:.2} {:.2} {} {}", at(50), at(95), all.bytes, all.refused);
}

fn ask(address: &str, path: &str, from: Instant, until: Instant) -> io::Result<Seen> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept: text/html\r\nUser-Agent: load\r\n\r\n");
    let mut stream = BufReader::with_capacity(64 * 1024, stream);
    let (mut seen, mut line, mut body) = (Seen::default(), String::new(), Vec::new());
    loop {
        let begun = Instant::now();
        if begun >= until {
            return Ok(seen);
        }
        stream.get_mut().write_all(request.as_bytes())?;
        let status = answer(&mut stream, &mut line, &mut body)?;
        if begun < from {
            continue;
        }
        if status == 200 {
            seen.took.push(begun.elapsed());
            seen.bytes = body.len();
        } else {
            seen.refused += 1;
        }
    }
}

/// Reads one answer whole; gives its status.
fn answer(stream: &mut impl BufRead, line: &mut String, body: &mut Vec<u8>) -> io::Result<u16> {
    next(stream, line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    let (mut length, mut chunked) = (0, false);
    loop {
        next(stream, line)?;
        let Some((name, value)) = line.split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or_default();
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            chunked = value.trim().eq_ignore_ascii_case("chunked");
        }
    }
    body.clear();
    if !chunked {
        body.resize(length, 0);
        stream.read_exact(body)?;
        return Ok(status);
    }
    loop {
        next(stream, line)?;
        let size = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16).unwrap_or_default();
        let before = body.len();
        body.resize(before + size, 0);
        stream.read_exact(&mut body[before..])?;
        // The end of the chunk, or of the answer: nothing here sends trailers.
        next(stream, line)?;
        if size == 0 {
            return Ok(status);
        }
    }
}

/// The next line, without its end.
fn next(stream: &mut impl BufRead, line: &mut String) -> io::Result<()> {
    line.clear();
    if stream.read_line(line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    line.truncate(line.trim_end().len());
    Ok(())
}
