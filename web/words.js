/**
 * What the page says, in Japanese and English: the same keys in both. The texts
 * of nudges are not here, they come with the nudge.
 */

export const words = {
  ja: {
    language: "ja",
    other: "en",
    other_name: "English",
    switch_language: "Switch to English",
    me: "あなた",
    them: "相手",
    bar: "あなたが話した割合",
    about: (figure) => `約\u2060${figure}`,
    figures: ({ recent, call, target }) => unbroken(`直近5分 ${recent}`, `通話全体 ${call}`, `目標 ${target}`).join("・"),
    key_recent: "あなた（直近5分）",
    key_call: "通話全体",
    key_band: "目標",
    silence: "沈黙",
    wait: "いい間です",
    demo_timing: "デモ用の速さ",
    demo_timing_means: "デモ用の速さ：ひとことは実際の通話より早めに出ます。",
    connecting: "つないでいます…",
    reconnecting: "接続が切れました。つなぎ直しています…",
    gone: "Keichoが応答しません。起動し直して、新しいアドレスを開いてください。",
    old_address: "古いアドレスです。Keichoが表示した新しいアドレスを開いてください。",
    old_page: "ページの版が合いません。再読み込みしてください。",
    lost_me: "マイクの音が届いていません。接続を確かめてください。",
    lost_them: "相手の音が届いていません。音の出力先を確かめてください。",
    lost_both: "音が届いていません。マイクと音の出力先を確かめてください。",
    said: "話したこと",
    recognised: (figure) => `・文字\u2060${figure}`,
    text_behind: "文字起こしが遅れています。割合は正しく出ています。",
    text_broken: "文字起こしはありません。割合は正しく出ています。",
    ended: "通話が終わりました。",
    summary: "まとめ：",
    title_connecting: "接続中",
    title_lost: "再接続中",
    title_gone: "応答なし",
    title_old_address: "古いアドレス",
    title_old_page: "要再読み込み",
    title_no_sound: "音が届いていません",
    title_ended: "終了",
  },
  en: {
    language: "en",
    other: "ja",
    other_name: "日本語",
    switch_language: "日本語に切り替える",
    me: "You",
    them: "Them",
    bar: "Your share of the talk",
    about: (figure) => `about ${figure}`,
    figures: ({ recent, call, target }) => unbroken(`Last 5 min ${recent}`, `call ${call}`, `aim ${target}`).join(" · "),
    key_recent: "you, last 5 minutes",
    key_call: "whole call",
    key_band: "target",
    silence: "Silence",
    wait: "Good wait",
    demo_timing: "demo timing",
    demo_timing_means: "Demo timing: nudges come sooner than in a real call.",
    connecting: "Connecting…",
    reconnecting: "Connection lost. Trying again…",
    gone: "Keicho does not answer. Start it again and open its new address.",
    old_address: "This address is old. Open the one that Keicho printed.",
    old_page: "This page does not match Keicho’s version. Reload it.",
    lost_me: "Your microphone is not heard. Check that it is connected.",
    lost_them: "The other side is not heard. Check the sound output.",
    lost_both: "No sound comes in. Check microphone and sound output.",
    said: "What was said",
    recognised: (figure) => ` · text\u00a0${figure}`,
    text_behind: "Text is behind. The shares are right.",
    text_broken: "There is no text. The shares are right.",
    ended: "The call has ended.",
    summary: "Summary: ",
    title_connecting: "Connecting",
    title_lost: "Reconnecting",
    title_gone: "No answer",
    title_old_address: "Old address",
    title_old_page: "Reload",
    title_no_sound: "No sound",
    title_ended: "Ended",
  },
};

/** A name stays on one line with its figure. */
function unbroken(...parts) {
  return parts.map((part) => part.replaceAll(" ", "\u00a0"));
}

/** The kept choice, else the first of the browser's languages that we speak, else English. */
export function choose(languages, kept) {
  if (Object.hasOwn(words, kept)) return kept;
  const tags = languages.map((tag) => tag.toLowerCase().split("-")[0]);
  return tags.find((tag) => Object.hasOwn(words, tag)) ?? "en";
}
