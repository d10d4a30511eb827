/** Dates as the pages that the program makes say them. Pure. */

const DAYS = { ja: "日月火水木金土", en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * A day such as `2026-11-03`: `Tue 3 Nov 2026`, in Japanese `2026年11月3日（火）`. What is no day stays as it is.
 * @param {string} iso
 * @param {"ja" | "en"} language
 */
export function day(iso, language) {
  const date = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  const [year, month, number] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const name = DAYS[language][date.getUTCDay()];
  return language === "ja" ? `${year}年${month + 1}月${number}日（${name}）` : `${name} ${number} ${MONTHS[month]} ${year}`;
}
