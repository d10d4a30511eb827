use proptest::prelude::*;

use super::made::{SIZES, TENSORS, VOCABULARY, small};
use crate::doubles::damage::cases;
use crate::models::ggml;

/// What a check says of the small model after a number in it was changed.
fn with(at: usize, number: u32) -> String {
    let mut file = small();
    file[at..at + 4].copy_from_slice(&number.to_le_bytes());
    ggml::check(&file).unwrap_err().to_string()
}

#[test]
fn the_small_model_is_sound() {
    assert_eq!(ggml::check(&small()), Ok(SIZES));
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
    insta::assert_snapshot!(with(TENSORS, 200), @"a tensor's number of dimensions cannot be 200");
    insta::assert_snapshot!(with(TENSORS, 0), @"a tensor's number of dimensions cannot be 0");
    insta::assert_snapshot!(with(TENSORS + 4, 1 << 30), @"the length of a tensor's name cannot be 1073741824");
    insta::assert_snapshot!(with(TENSORS + 8, 77), @"decoder.positional_embedding is not of the type that the file says");
    insta::assert_snapshot!(with(TENSORS + 12, u32::MAX), @"a tensor's dimension cannot be -1");
    insta::assert_snapshot!(with(TENSORS + 12, 3), @"decoder.positional_embedding is of another shape than the model");
    insta::assert_snapshot!(with(TENSORS + 20, u32::from_le_bytes(*b"gone")), @r#""goneder.positional_embedding" is no tensor of Whisper's, or is there twice"#);
}

#[test]
fn a_tensor_that_is_missing_or_there_twice_is_refused() {
    let file = small();
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
    let file = small();
    for end in (0..file.len()).step_by(61).chain(0..200).chain(TENSORS..TENSORS + 200) {
        assert!(ggml::check(&file[..end]).is_err(), "{end}");
    }
}

#[test]
fn no_damage_is_a_panic() {
    let file = small();
    // Into the table, where the lengths are, as well as anywhere.
    let place = prop_oneof![0..file.len(), 0..2000_usize, TENSORS..TENSORS + 2000];
    let damages = prop::collection::vec((place, any::<u8>()), 1..6);
    let mut runner = proptest::test_runner::TestRunner::new(cases(256));
    runner
        .run(&damages, |damages| {
            let mut file = file.clone();
            damages.into_iter().for_each(|(at, byte)| file[at] = byte);
            // It may be well still: a weight is as good as another.
            if let Ok(sizes) = ggml::check(&file) {
                prop_assert_eq!(sizes.audio.context, SIZES.audio.context);
            }
            Ok(())
        })
        .unwrap();
}
