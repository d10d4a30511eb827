use super::*;

#[test]
fn text_is_inert_whatever_it_holds() {
    let (page, _) = sentence_page("<b a=\"1\">&\u{202e}c\0", Language::En);
    let inert = "&lt;b a=&quot;1&quot;&gt;&amp;\u{fffd}c\u{fffd}";
    assert!(page.contains(&format!("<title>{inert} · Keicho</title>")), "{page}");
    assert!(page.contains(&format!("<main><p>{inert}</p></main>")), "{page}");
}
