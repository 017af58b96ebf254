//! The table of sizes, and the gates.

use std::path::Path;

use anyhow::{Context as _, Result};

/// The most a file may weigh.
pub(crate) struct Gate {
    /// Name in the assets folder.
    pub(crate) file: &'static str,
    /// Bytes after brotli.
    pub(crate) limit_bytes: usize,
}

/// One file of the table.
pub(crate) struct Row {
    file: String,
    raw_bytes: usize,
    brotli_bytes: usize,
}

/// Sizes of every script and sheet in the folder, in the order of their names. Each gets its compressed form beside it,
/// `NAME.br`, so that the server need not compress it at every start.
pub(crate) fn measure(assets: &Path) -> Result<Vec<Row>> {
    let entries = std::fs::read_dir(assets).with_context(|| format!("cannot read {}", assets.display()))?;
    let mut rows = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|extension| extension == "js" || extension == "css") {
            let bytes = std::fs::read(&path)?;
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let compressed = brotli(&bytes)?;
            std::fs::write(assets.join(format!("{file}.br")), &compressed)?;
            rows.push(Row { file, raw_bytes: bytes.len(), brotli_bytes: compressed.len() });
        }
    }
    rows.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(rows)
}

/// Size after brotli at its highest level, as the host compresses assets.
pub(crate) fn brotli_bytes(bytes: &[u8]) -> Result<usize> {
    Ok(brotli(bytes)?.len())
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    Ok(out)
}

/// The table goes to stdout: it is the result, not talk.
#[expect(clippy::print_stdout, reason = "the table is this command's result")]
pub(crate) fn print(rows: &[Row]) {
    println!("{:<14}{:>10}{:>10}", "file", "raw", "brotli");
    for row in rows {
        println!("{:<14}{:>10}{:>10}", row.file, row.raw_bytes, row.brotli_bytes);
    }
}

/// The files above their gates, in words.
pub(crate) fn over(rows: &[Row], gates: &[Gate]) -> Vec<String> {
    let too_large = |gate: &Gate| {
        let row = rows.iter().find(|row| row.file == gate.file)?;
        let excess = row.brotli_bytes.checked_sub(gate.limit_bytes).filter(|excess| *excess > 0)?;
        Some(format!("{} has {} bytes, {excess} above {}", row.file, row.brotli_bytes, gate.limit_bytes))
    };
    gates.iter().filter_map(too_large).collect()
}

#[cfg(test)]
mod tests {
    use super::{Gate, Row, brotli_bytes, over};

    #[test]
    fn a_file_may_be_as_large_as_its_gate_and_not_a_byte_more() {
        let gates = [Gate { file: "a.js", limit_bytes: 100 }];
        let row = |brotli_bytes| [Row { file: "a.js".into(), raw_bytes: 900, brotli_bytes }];
        assert!(over(&row(100), &gates).is_empty());
        assert_eq!(over(&row(101), &gates), ["a.js has 101 bytes, 1 above 100"]);
    }

    #[test]
    fn repetition_compresses() {
        assert!(brotli_bytes(&[7; 10_000]).unwrap() < 40);
    }
}
