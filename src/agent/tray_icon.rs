//! The icons of the tray, drawn. Shape carries the state and colour only helps, on light panels and dark ones.

use crate::desktop::TrayPixmap;

/// Panels show icons of 22 pixels, and of twice that on dense screens.
const SIZES: [u32; 2] = [22, 44];

/// So many points are looked at along each side of a pixel.
const SUBPIXELS: u32 = 4;

/// The page's blue and amber for dark grounds, and a grey: each has at least 3:1 against white's and black's middle greys.
const BLUE: [u8; 3] = [0x2e, 0x8f, 0xcf];
const AMBER: [u8; 3] = [0xd9, 0x8a, 0x00];
const GREY: [u8; 3] = [0x8a, 0x8f, 0x98];

/// What the icon says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TrayShape {
    /// A ring: nothing is heard.
    Idle,
    /// A disc: a call is heard.
    Listening,
    /// Two bars: a call is not heard now.
    Paused,
    /// A triangle: something is wrong.
    Trouble,
}

impl TrayShape {
    /// In all sizes.
    pub(super) fn draw(self) -> Vec<TrayPixmap> {
        SIZES.into_iter().map(|size| self.draw_at(size)).collect()
    }

    fn draw_at(self, size: u32) -> TrayPixmap {
        let [red, green, blue] = match self {
            Self::Idle | Self::Paused => GREY,
            Self::Listening => BLUE,
            Self::Trouble => AMBER,
        };
        let points = f64::from(size * SUBPIXELS);
        let mut argb = Vec::with_capacity((size * size * 4) as usize);
        for pixel in 0..size * size {
            let (left, top) = (pixel % size * SUBPIXELS, pixel / size * SUBPIXELS);
            let inside = (0..SUBPIXELS * SUBPIXELS).filter(|point| {
                let at = |start: u32, offset: u32| 2.0 * (f64::from(start + offset) + 0.5) / points - 1.0;
                self.holds(at(left, point % SUBPIXELS), at(top, point / SUBPIXELS))
            });
            let alpha = inside.count() as u32 * 255 / (SUBPIXELS * SUBPIXELS);
            argb.extend([alpha as u8, red, green, blue]);
        }
        TrayPixmap { size, argb }
    }

    /// Whether a point belongs to it; the icon reaches from −1 to 1, left to right and top to bottom.
    fn holds(self, x: f64, y: f64) -> bool {
        let from_middle = f64::hypot(x, y);
        match self {
            Self::Idle => (0.5..=0.75).contains(&from_middle),
            Self::Listening => from_middle <= 0.75,
            Self::Paused => (0.2..=0.6).contains(&x.abs()) && y.abs() <= 0.7,
            // Its top is at the middle of the upper edge, its base near the lower one.
            Self::Trouble => (-0.75..=0.65).contains(&y) && x.abs() <= (y + 0.75) / 1.4 * 0.8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The opaque part, 0 to 1.
    fn covered(shape: TrayShape) -> Vec<f64> {
        let part = |picture: &TrayPixmap| {
            let alpha: u32 = picture.argb.chunks(4).map(|pixel| u32::from(pixel[0])).sum();
            f64::from(alpha) / f64::from(255 * picture.size * picture.size)
        };
        shape.draw().iter().map(part).collect()
    }

    #[test]
    fn each_shape_has_the_area_of_its_geometry_in_each_size() {
        use std::f64::consts::PI;
        for (shape, area) in [
            (TrayShape::Idle, PI * (0.75 * 0.75 - 0.5 * 0.5) / 4.0),
            (TrayShape::Listening, PI * 0.75 * 0.75 / 4.0),
            (TrayShape::Paused, 2.0 * 0.4 * 1.4 / 4.0),
            (TrayShape::Trouble, 1.4 * 1.6 / 2.0 / 4.0),
        ] {
            for part in covered(shape) {
                assert!((part - area).abs() < 0.03, "{shape:?}: {part} of {area}");
            }
        }
        for TrayPixmap { size, argb } in TrayShape::Idle.draw() {
            assert_eq!(argb.len(), (size * size * 4) as usize);
            let middle = ((size / 2 * size + size / 2) * 4) as usize;
            assert_eq!((argb[0], argb[middle]), (0, 0), "a ring is open at its corners and its middle");
        }
    }
}
