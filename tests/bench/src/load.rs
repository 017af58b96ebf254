//! A load generator: keep-alive connections that send one prepared request after another.
//!
//! Deliberately small, so that it takes little of the two cores it shares with the server, and the same for
//! every server measured.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What came of a run.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// Finished requests a second.
    pub(crate) per_second: f64,
    /// The median time of a request.
    pub(crate) p50: Duration,
    /// The time that 99 of 100 requests stay below.
    pub(crate) p99: Duration,
    /// Body bytes of the last answer.
    pub(crate) body_bytes: usize,
    /// Answers that were not the expected status.
    pub(crate) unexpected_count: usize,
}

/// Makes the n-th request of connection c as raw HTTP/1.1.
pub(crate) type MakeRequest = Arc<dyn Fn(usize, usize) -> Vec<u8> + Send + Sync>;

/// Send requests over `connections` for `length`, after a tenth of it to warm up.
///
/// # Errors
/// When the server cannot be reached or does not speak HTTP/1.1 with `Content-Length`.
pub(crate) async fn run(
    address: &str,
    connections: usize,
    length: Duration,
    status: u16,
    make: MakeRequest,
) -> anyhow::Result<Outcome> {
    let start = Instant::now() + length / 10;
    let end = start + length;
    let tasks: Vec<_> = (0..connections)
        .map(|connection| {
            let (address, make) = (address.to_owned(), Arc::clone(&make));
            tokio::spawn(async move { one(&address, connection, start, end, status, &make).await })
        })
        .collect();
    let mut times = Vec::new();
    let (mut unexpected_count, mut body_bytes) = (0, 0);
    for task in tasks {
        let (mut own, unexpected, bytes) = task.await??;
        times.append(&mut own);
        unexpected_count += unexpected;
        body_bytes = bytes;
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    Ok(Outcome {
        per_second: times.len() as f64 / length.as_secs_f64(),
        p50: at(50),
        p99: at(99),
        body_bytes,
        unexpected_count,
    })
}

async fn one(
    address: &str,
    connection: usize,
    start: Instant,
    end: Instant,
    status: u16,
    make: &MakeRequest,
) -> anyhow::Result<(Vec<Duration>, usize, usize)> {
    let mut stream = TcpStream::connect(address).await.context("the server does not listen")?;
    stream.set_nodelay(true)?;
    let (mut times, mut unexpected, mut bytes) = (Vec::new(), 0, 0);
    let mut buffer = vec![0; 1 << 20];
    for number in 0.. {
        let begun = Instant::now();
        if begun >= end {
            break;
        }
        stream.write_all(&make(connection, number)).await?;
        let (got, body) = read_answer(&mut stream, &mut buffer).await?;
        bytes = body;
        unexpected += usize::from(got != status);
        if begun >= start {
            times.push(begun.elapsed());
        }
    }
    Ok((times, unexpected, bytes))
}

/// The status and the body's length of the next answer.
async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> anyhow::Result<(u16, usize)> {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            bail!("the server closed the connection");
        }
        filled += read;
        let Some(head) = buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head])?.to_ascii_lowercase();
        let status: u16 = text.get(9..12).unwrap_or_default().parse()?;
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = match length {
            Some(length) => length.trim().parse()?,
            None if status == 304 || status == 204 => 0,
            None => bail!("an answer without Content-Length"),
        };
        let mut missing = (head + 4 + length).saturating_sub(filled);
        while missing > 0 {
            let room = missing.min(buffer.len());
            let read = stream.read(&mut buffer[..room]).await?;
            if read == 0 {
                bail!("the server closed the connection within an answer");
            }
            missing -= read;
        }
        return Ok((status, length));
    }
}
