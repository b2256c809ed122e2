//! PDF: each page is drawn onto a device that keeps letters and where they stand, so that words and lines are told by
//! their distance. Letters of a text layer that nobody sees, over a scan, count too.

use std::time::{Duration, Instant};

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, interpret_page,
};

use super::State;
use super::sink::Sink;

/// What was read until then has to do.
const TIME_MAX: Duration = Duration::from_secs(10);
/// Units of the space in which glyphs are drawn, to the size of the font.
const UNITS: f64 = 1_000.0;
/// A gap wider than this part of the font's size parts words; a step this much across the line begins another.
const WORD_GAP: f64 = 0.17;
const LINE_STEP: f64 = 0.5;

/// Reads page by page.
pub(super) fn read(bytes: Vec<u8>, sink: &mut Sink) -> Result<(), State> {
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm) => {
            State::Encrypted
        }
        LoadPdfError::Decryption(_) | LoadPdfError::Invalid => State::Damaged,
    })?;
    let (cache, started) = (InterpreterCache::new(), Instant::now());
    let mut letters = Letters { sink, last: None };
    for page in pdf.pages().iter() {
        let bounds = Rect::new(0.0, 0.0, 1.0, 1.0);
        let settings = InterpreterSettings::default();
        let mut context = Context::new(Affine::IDENTITY, bounds, &cache, pdf.xref(), settings);
        interpret_page(page, &mut context, &mut letters);
        letters.last = None;
        letters.sink.line();
        if letters.sink.is_full() || started.elapsed() > TIME_MAX {
            break;
        }
    }
    Ok(())
}

/// Where the last letter ended, and which way its line runs.
#[derive(Debug, Clone, Copy)]
struct Last {
    start: Point,
    end: Point,
    size: f64,
}

struct Letters<'s> {
    sink: &'s mut Sink,
    last: Option<Last>,
}

impl Letters<'_> {
    fn put(&mut self, text: &str, place: Affine, advance: f64) {
        let (start, end) = (place * Point::ZERO, place * Point::new(advance, 0.0));
        let size = (place * Point::new(0.0, UNITS)).distance(start);
        if let Some(last) = self.last {
            // The same letter again at the same place: bold by double printing.
            if last.start.distance(start) < last.size * 0.02 {
                return;
            }
            let along = (last.end - last.start).normalize();
            let step = start - last.end;
            let across = along.cross(step).abs();
            let ahead = along.dot(step);
            if !along.is_finite() {
                self.sink.space();
            } else if across > LINE_STEP * last.size.max(size) || ahead < -last.size.max(size) * 2.0 {
                self.sink.broken_line();
            } else if ahead > WORD_GAP * size {
                self.sink.space();
            }
        }
        self.sink.push(text);
        self.last = Some(Last { start, end, size });
    }
}

impl Device<'_> for Letters<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        for glyph in run.glyphs() {
            if self.sink.is_full() {
                return;
            }
            let place = props.transform * glyph.transform();
            let advance = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(shape) => shape.advance_width(),
            };
            let advance = f64::from(advance.unwrap_or(500.0));
            match glyph.as_unicode() {
                Some(BfString::Char(c)) => self.put(c.encode_utf8(&mut [0; 4]), place, advance),
                Some(BfString::String(text)) => self.put(&text, place, advance),
                None => self.sink.space(),
            }
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
