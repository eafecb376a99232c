//! Compresses the app once at build time, at the highest levels, so that the relay only picks a file.

use std::fs;
use std::io::Write;
use std::path::Path;

use brotli::enc::backward_references::BrotliEncoderMode;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::failure::{Failure, Result};
use crate::workspace;

/// Kinds of files that shrink; images are compressed in themselves.
const KINDS: [&str; 10] = ["html", "js", "mjs", "css", "json", "svg", "wasm", "webmanifest", "txt", "xml"];
/// Below this a compressed file saves less than its header costs.
const SMALLEST: usize = 256;
/// Highest brotli quality and its largest standard window (RFC 7932), 16 MB.
const BROTLI_QUALITY: i32 = 11;
const BROTLI_WINDOW: i32 = 24;

/// Writes `x.br` and `x.gz` beside every file `x` in `dist` that gains by it.
pub fn all(dist: &Path) -> Result<()> {
    for path in workspace::files_below(dist)? {
        let bytes = fs::read(&path).map_err(|error| Failure::file(&path, &error))?;
        if !is_worth_it(&path, bytes.len()) {
            continue;
        }
        for (ending, small) in [("br", brotli(&bytes, mode(&path))), ("gz", gzip(&bytes))] {
            let small = small.map_err(|error| Failure::file(&path, &error))?;
            if small.len() < bytes.len() {
                let mut name = path.clone().into_os_string();
                name.push(format!(".{ending}"));
                workspace::write(Path::new(&name), small)?;
            }
        }
    }
    Ok(())
}

/// Size in bytes of the file at `path` as it goes over the wire.
pub fn brotli_size(path: &Path) -> Result<usize> {
    let mut small = path.as_os_str().to_owned();
    small.push(".br");
    let small = Path::new(&small);
    let sent = if small.is_file() { small } else { path };
    let size = fs::metadata(sent).map_err(|error| Failure::file(sent, &error))?.len();
    Ok(usize::try_from(size).unwrap_or(usize::MAX))
}

fn is_worth_it(path: &Path, size: usize) -> bool {
    let kind = path.extension().map(|kind| kind.to_string_lossy().into_owned());
    size >= SMALLEST && kind.is_some_and(|kind| KINDS.contains(&kind.as_str()))
}

/// What the compressor is told of the content. Its way with fonts, which are tables of small numbers too, makes
/// WebAssembly half a percent smaller.
fn mode(path: &Path) -> BrotliEncoderMode {
    match path.extension().is_some_and(|kind| kind == "wasm") {
        true => BrotliEncoderMode::BROTLI_MODE_FONT,
        false => BrotliEncoderMode::BROTLI_MODE_GENERIC,
    }
}

fn brotli(bytes: &[u8], mode: BrotliEncoderMode) -> std::io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        mode,
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters)?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Read;

    #[test]
    fn both_forms_open_to_the_original() {
        let text = "the car remembers ".repeat(500);
        let mut opened = String::new();
        flate2::read::GzDecoder::new(&gzip(text.as_bytes()).unwrap()[..]).read_to_string(&mut opened).unwrap();
        assert_eq!(opened, text);
        let mut opened = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(text.as_bytes(), mode(Path::new("a.wasm"))).unwrap()[..], &mut opened)
            .unwrap();
        assert_eq!(opened, text.as_bytes());
    }

    #[test]
    fn images_and_tiny_files_stay_alone() {
        assert!(!is_worth_it(Path::new("a.png"), 10_000));
        assert!(!is_worth_it(Path::new("a.js"), 10));
        assert!(is_worth_it(Path::new("a.wasm"), 10_000));
    }
}
