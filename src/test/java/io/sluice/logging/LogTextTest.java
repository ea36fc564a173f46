package io.sluice.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What becomes of text that somebody else wrote (RELIABILITY A11). */
class LogTextTest {
  @Test
  void plainTextStaysAsItIs() {
    String text = "A record of orders-3 is 12 B; \"quoted\" \\ and {braced}.";
    assertThat(LogText.fit(text, 512)).isSameAs(text);
  }

  @Test
  void otherScriptsStayAsTheyAre() {
    assertThat(LogText.fit("Zürich, 東京, עברית, 🚀", 512)).isEqualTo("Zürich, 東京, עברית, 🚀");
  }

  @Test
  void lineBreaksAreWritten() {
    assertThat(LogText.fit("a\r\nERROR forged\tb", 512)).isEqualTo("a\\r\\nERROR forged\\tb");
    assertThat(LogText.fit("a\u2028b\u2029c\u0085d\u000bd", 512))
        .isEqualTo("a\\u2028b\\u2029c\\u0085d\\u000bd");
  }

  @Test
  void terminalEscapesAreWritten() {
    assertThat(LogText.fit("\u001b[31mred\u001b]0;title\u0007 \u009b2J \u007f\u0000", 512))
        .isEqualTo("\\u001b[31mred\\u001b]0;title\\u0007 \\u009b2J \\u007f\\u0000");
  }

  @Test
  void whatReordersOrHidesTextIsWritten() {
    assertThat(LogText.fit("a\u202eb\u2066c\u200bd\ufeffe", 512))
        .isEqualTo("a\\u202eb\\u2066c\\u200bd\\ufeffe");
  }

  @Test
  void halvesOfPairsAndTagsAreWritten() {
    assertThat(LogText.fit("a\ud83db\udb40\udc41", 512)).isEqualTo("a\\ud83db\\u{e0041}");
  }

  @Test
  void longTextIsCutAndSaysSo() {
    assertThat(LogText.fit("x".repeat(512), 512)).isEqualTo("x".repeat(512));
    assertThat(LogText.fit("x".repeat(513), 512)).isEqualTo("x".repeat(511) + "…");
    assertThat(LogText.fit("x".repeat(1_000_000), 512)).hasSize(512).endsWith("x…");
  }

  @Test
  void nothingIsCutInTheMiddle() {
    for (int most = 1; most < 20; most++) {
      assertThat(LogText.fit("ab\u001bcd🚀ef", most).length()).isLessThanOrEqualTo(most);
    }
    assertThat(LogText.fit("ab\u001bcd", 6)).isEqualTo("ab…");
    assertThat(LogText.fit("ab\u001bcd", 9)).isEqualTo("ab\\u001b…");
    assertThat(LogText.fit("ab🚀cd", 4)).isEqualTo("ab…");
    assertThat(LogText.fit("ab🚀cd", 5)).isEqualTo("ab🚀…");
    assertThat(LogText.fit("ab🚀", 4)).isEqualTo("ab🚀");
  }
}
