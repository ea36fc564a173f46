package io.sluice.browser;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/**
 * What makes a page hard to use without good eyes or without a mouse; looked for by a script in the
 * page.
 */
final class Accessibility {
  /** WCAG 2.2 §1.4.3: 4.5 to 1, and 3 to 1 for large text. */
  private static final String CONTRAST =
      """
      () => {
        const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const channels = (colour) => {
          context.clearRect(0, 0, 1, 1);
          context.fillStyle = colour;
          context.fillRect(0, 0, 1, 1);
          const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
          return [r, g, b, a / 255];
        };
        const light = ([r, g, b]) => [r, g, b]
          .map((it) => it / 255).map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4))
          .reduce((sum, it, i) => sum + it * [0.2126, 0.7152, 0.0722][i], 0);
        const ground = (node) => {
          for (let at = node; at; at = at.parentElement) {
            const colour = channels(getComputedStyle(at).backgroundColor);
            if (colour[3] > 0.99) return colour;
          }
          return [255, 255, 255, 1];
        };
        const poor = [];
        for (const node of document.querySelectorAll('body *')) {
          const text = [...node.childNodes].filter((it) => it.nodeType === 3 && it.data.trim() !== '');
          if (text.length === 0 || !node.checkVisibility({visibilityProperty: true}) || node.closest(':disabled')) continue;
          const style = getComputedStyle(node);
          const [a, b] = [light(channels(style.color)), light(ground(node))].sort((x, y) => y - x);
          const ratio = (a + 0.05) / (b + 0.05);
          const size = parseFloat(style.fontSize);
          const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
          if (ratio < (isLarge ? 3 : 4.5)) poor.push(`${ratio.toFixed(2)} to 1: ${text[0].data.trim()}`);
        }
        return poor;
      }
      """;

  /** WCAG 2.2 §4.1.2. */
  private static final String NAMELESS =
      """
      () => [...document.querySelectorAll('button, input, select, textarea, a[href], [role=region], [role=img], [role=log]')]
        .filter((it) => !(it.labels?.length > 0 || it.textContent.trim() !== '' && it.matches('button, a')
          || it.getAttribute('aria-label') || document.getElementById(it.getAttribute('aria-labelledby'))))
        .map((it) => it.outerHTML.slice(0, 100))
      """;

  /** What has the focus, and whether that can be seen. */
  private static final String FOCUSED =
      """
      () => {
        const it = document.activeElement;
        const style = getComputedStyle(it);
        const isSeen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        return `${it.id || it.dataset.testid || it.className || it.tagName}${isSeen ? '' : ' (focus not seen)'}`;
      }
      """;

  /** Anything that moves by itself. */
  private static final String MOVING =
      "() => document.getAnimations().map((it) => `${it.animationName ?? it.transitionProperty}`)";

  private Accessibility() {}

  /** Texts that stand out too little from their ground. */
  static List<?> poorContrast(Page page) {
    return (List<?>) page.evaluate(CONTRAST);
  }

  /** Controls that a screen reader cannot name. */
  static List<?> withoutAName(Page page) {
    return (List<?>) page.evaluate(NAMELESS);
  }

  /** What the Tab key reaches, one after the other, from the beginning of the page. */
  static List<String> tabStops(Page page, int presses) {
    page.evaluate("() => document.activeElement.blur()");
    List<String> stops = new ArrayList<>();
    for (int i = 0; i < presses; i++) {
      page.keyboard().press("Tab");
      stops.add((String) page.evaluate(FOCUSED));
    }
    return stops;
  }

  /** Animations that run. */
  static List<?> moving(Page page) {
    return (List<?>) page.evaluate(MOVING);
  }
}
