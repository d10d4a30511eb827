use proptest::prelude::*;

use super::made::{Made, SIZES, VOCABULARY};
use crate::models::ctranslate::Variables;
use crate::models::{ggml, relayout, vocabulary};

/// Where the tensors begin in a file with three tokens.
const TABLE: usize = VOCABULARY + 4 + 5 + 4 + 4;

/// What a check says of the small model after a number in it was changed.
fn with(at: usize, number: u32) -> String {
    let mut file = Made::new().short();
    file[at..at + 4].copy_from_slice(&number.to_le_bytes());
    ggml::check(&file).unwrap_err().to_string()
}

#[test]
fn the_small_model_is_sound() {
    let made = Made::new();
    assert_eq!(ggml::check(&made.file), Ok(SIZES));
    assert_eq!(ggml::check(&made.short()), Ok(SIZES));
}

#[test]
fn numbers_that_would_harm_the_recogniser_are_refused() {
    insta::assert_snapshot!(with(0, 0x4655_4747), @"it is no ggml file of Whisper");
    // A vocabulary that is smaller than its tokens: written beyond its end.
    insta::assert_snapshot!(with(4, 100), @"the vocabulary's size cannot be 100");
    insta::assert_snapshot!(with(VOCABULARY, 51_866), @"it holds 51866 tokens for a vocabulary of 51865");
    insta::assert_snapshot!(with(VOCABULARY, u32::MAX), @"the number of tokens cannot be -1");
    insta::assert_snapshot!(with(VOCABULARY + 4, 1 << 31), @"a token's length cannot be -2147483648");
    insta::assert_snapshot!(with(8, 1_000_000), @"the encoder's context cannot be 1000000");
    insta::assert_snapshot!(with(16, 0), @"the encoder's number of heads cannot be 0");
    insta::assert_snapshot!(with(20, 65), @"the encoder's depth cannot be 65");
    insta::assert_snapshot!(with(24, 8), @"the decoder's context cannot be 8");
    insta::assert_snapshot!(with(28, 4), @"the decoder's width cannot be 4");
    insta::assert_snapshot!(with(40, 81), @"the number of mel filters cannot be 81");
    insta::assert_snapshot!(with(44, 4), @"its type 4 is not known");
    insta::assert_snapshot!(with(48, 128), @"its mel filters cannot be 128 times 201");
    // More dimensions than there is room for: written over the stack.
    insta::assert_snapshot!(with(TABLE, 200), @"a tensor's number of dimensions cannot be 200");
    insta::assert_snapshot!(with(TABLE, 0), @"a tensor's number of dimensions cannot be 0");
    insta::assert_snapshot!(with(TABLE + 4, 1 << 30), @"the length of a tensor's name cannot be 1073741824");
    insta::assert_snapshot!(with(TABLE + 8, 77), @"decoder.positional_embedding is not of the type that the file says");
    insta::assert_snapshot!(with(TABLE + 12, u32::MAX), @"a tensor's dimension cannot be -1");
    insta::assert_snapshot!(with(TABLE + 12, 3), @"decoder.positional_embedding is of another shape than the model");
    insta::assert_snapshot!(with(TABLE + 20, u32::from_le_bytes(*b"gone")), @r#""goneder.positional_embedding" is no tensor of Whisper's, or is there twice"#);
}

#[test]
fn a_tensor_that_is_missing_or_there_twice_is_refused() {
    let file = Made::new().short();
    let last = file.len() - (4 * 3 + 4 + "encoder.ln_post.bias".len() + 4 * 2);
    insta::assert_snapshot!(ggml::check(&file[..last]).unwrap_err(), @"encoder.ln_post.bias is missing");
    insta::assert_snapshot!(ggml::check(&[&file[..], &file[last..]].concat()).unwrap_err(), @r#""encoder.ln_post.bias" is no tensor of Whisper's, or is there twice"#);
    insta::assert_snapshot!(ggml::check(&[&file[..], &[0]].concat()).unwrap_err(), @"it ends within a tensor's number of dimensions");
}

#[test]
fn quantised_files_are_known_by_their_blocks() {
    // Two numbers are no block of 32.
    insta::assert_snapshot!(with(44, 2008), @"decoder.token_embedding.weight is not of the type that the file says");
    insta::assert_snapshot!(with(44, 3008), @"its type 3008 is not known");
}

#[test]
fn what_is_cut_off_is_refused() {
    let made = Made::new();
    let tokens = vocabulary::of_lines(made.tokens.as_bytes()).unwrap();
    let file = made.short();
    for end in (0..file.len()).step_by(61).chain(0..200).chain(TABLE..TABLE + 200) {
        assert!(ggml::check(&file[..end]).is_err(), "{end}");
    }
    for end in (0..made.source.len()).step_by(61).chain(0..400) {
        assert!(Variables::read(&made.source[..end]).is_err(), "{end}");
        assert!(relayout::ggml(&made.source[..end], &tokens).is_err(), "{end}");
    }
}

#[test]
fn no_damage_is_a_panic() {
    let made = Made::new();
    let tokens = vocabulary::of_lines(made.tokens.as_bytes()).unwrap();
    let (file, source) = (made.short(), made.source);
    // Into the tables, where the lengths are, as well as anywhere.
    let place = |length: usize| prop_oneof![0..length, 0..2000_usize, TABLE..TABLE + 2000];
    let damage = |length| prop::collection::vec((place(length), any::<u8>()), 1..6);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let damages = (damage(file.len()), damage(source.len()));
    runner
        .run(&damages, |(of_file, of_source)| {
            let (mut file, mut source) = (file.clone(), source.clone());
            of_file.into_iter().for_each(|(at, byte)| file[at] = byte);
            of_source.into_iter().for_each(|(at, byte)| source[at] = byte);
            // Either may be well still: a weight is as good as another.
            let _ = ggml::check(&file);
            if let Ok(made) = relayout::ggml(&source, &tokens[..3]) {
                prop_assert_eq!(ggml::check(&made), Ok(SIZES));
            }
            Ok(())
        })
        .unwrap();
}
