//! Chance from a seed: the same on every machine.

/// SplitMix64 (Steele, Lea & Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(0x9e37_79b9))
    }

    /// Another stream for a purpose, so that what one part draws changes nothing in the others.
    pub fn split(&self, purpose: &str) -> Self {
        let hash = purpose
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let mut mixed = Self(self.0 ^ hash);
        mixed.bits();
        mixed
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A sample of white noise: from −1 up to 1.
    pub fn noise(&mut self) -> f64 {
        2.0 * self.unit() - 1.0
    }

    /// A whole number below another.
    pub fn below(&mut self, limit: u64) -> u64 {
        (self.unit() * limit as f64) as u64
    }

    /// One of a list.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.whole(0, of.len() - 1)]
    }

    /// Between two numbers.
    pub fn real(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// One of the whole numbers from `low` up to and including `high`.
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        low + (self.unit() * (high - low + 1) as f64) as usize
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A normal deviate of variance 1, near enough: the sum of twelve uniform ones.
    pub fn normal(&mut self) -> f32 {
        // Two draws of 64 bits hold twelve numbers of 10.
        let mut sum = 0;
        for _ in 0..2 {
            let bits = self.bits();
            sum += (0..6).map(|i| (bits >> (10 * i)) & 1023).sum::<u64>();
        }
        (sum as f32 - 6138.0) / 1024.0
    }

    /// Puts a list into another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.whole(0, i));
        }
    }
}

/// A pack of cards that is shuffled again when it is through: everything comes up equally often.
#[derive(Clone, Debug)]
pub struct Deck<T> {
    cards: Vec<T>,
    left: usize,
}

impl<T: Copy> Deck<T> {
    pub fn new(cards: Vec<T>) -> Self {
        Self { cards, left: 0 }
    }

    pub fn draw(&mut self, random: &mut Random) -> T {
        if self.left == 0 {
            random.shuffle(&mut self.cards);
            self.left = self.cards.len();
        }
        self.left -= 1;
        self.cards[self.left]
    }
}
