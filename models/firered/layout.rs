//! Lays the detector's numbers out as its sums read them, while the program is built: as floats, and for each tile of a layer's
//! outputs the weights of each input. So they lie in the program's file, and a call's memory holds no copy of them.
//!
//! `stream_vad.bin` holds floats first, then halves; a matrix by rows, one an output; a filter channel by channel.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use half::f16;

#[path = "../../src/frontend/vad/firered/shape.rs"]
mod shape;

use shape::{BANDS, BLOCKS, FLOATS, HALVES, HIDDEN, TAPS, TILE, WIDTH};

const NUMBERS: &str = "models/firered/stream_vad.bin";

/// Writes `firered.f32` where the build has its files.
pub(crate) fn write() -> Result<(), Box<dyn Error>> {
    for source in [NUMBERS, "models/firered/layout.rs", "src/frontend/vad/firered/shape.rs"] {
        println!("cargo::rerun-if-changed={source}");
    }
    let file = fs::read(NUMBERS)?;
    if file.len() != 4 * FLOATS + 2 * HALVES {
        return Err(format!("{NUMBERS} holds another network").into());
    }
    let (floats, halves) = file.split_at(4 * FLOATS);
    let halves = halves.as_chunks().0.iter().map(|half| f16::from_le_bytes(*half).to_f32());
    let mut layout = Layout { halves, laid_out: Vec::new() };
    layout.hidden(BANDS);
    layout.projection();
    layout.as_it_is(WIDTH);
    layout.filter();
    for _ in 0..BLOCKS {
        layout.hidden(WIDTH);
        layout.projection();
        layout.filter();
    }
    layout.hidden(WIDTH);
    layout.as_it_is(HIDDEN);
    layout.laid_out.extend(floats.as_chunks().0.iter().map(|float| f32::from_le_bytes(*float)));
    let big_endian = env::var("CARGO_CFG_TARGET_ENDIAN")? == "big";
    let bytes = |float: f32| if big_endian { float.to_be_bytes() } else { float.to_le_bytes() };
    let bytes: Vec<u8> = layout.laid_out.into_iter().flat_map(bytes).collect();
    fs::write(Path::new(&env::var("OUT_DIR")?).join("firered.f32"), bytes)?;
    Ok(())
}

struct Layout<I> {
    halves: I,
    laid_out: Vec<f32>,
}

impl<I: Iterator<Item = f32>> Layout<I> {
    fn as_it_is(&mut self, count: usize) {
        self.laid_out.extend(self.halves.by_ref().take(count));
    }

    /// As many rows, columns by columns.
    fn columns(&mut self, rows: usize, columns: usize) {
        let by_rows: Vec<f32> = self.halves.by_ref().take(rows * columns).collect();
        for column in 0..columns {
            self.laid_out.extend(by_rows.iter().skip(column).step_by(columns));
        }
    }

    fn tiles(&mut self, outputs: usize, inputs: usize) {
        (0..outputs / TILE).for_each(|_| self.columns(TILE, inputs));
    }

    fn hidden(&mut self, inputs: usize) {
        self.tiles(HIDDEN, inputs);
        self.as_it_is(HIDDEN);
    }

    fn projection(&mut self) {
        self.tiles(WIDTH, HIDDEN);
    }

    fn filter(&mut self) {
        self.columns(WIDTH, TAPS);
    }
}
