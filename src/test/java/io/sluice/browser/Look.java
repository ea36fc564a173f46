package io.sluice.browser;

import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;

/**
 * What a page is looked at with.
 *
 * @param width of the window, in CSS pixels
 * @param height of the window, in CSS pixels
 * @param colours what the system prefers
 * @param motion what the system prefers
 * @param webSocket whether the network lets WebSockets through
 */
record Look(int width, int height, ColorScheme colours, ReducedMotion motion, boolean webSocket) {
  static final Look DESK =
      new Look(1440, 1000, ColorScheme.LIGHT, ReducedMotion.NO_PREFERENCE, true);
  static final Look PHONE = DESK.ofSize(360, 780);
  static final Look WALL = DESK.ofSize(2560, 1440);

  Look ofSize(int newWidth, int newHeight) {
    return new Look(newWidth, newHeight, colours, motion, webSocket);
  }

  Look dark() {
    return new Look(width, height, ColorScheme.DARK, motion, webSocket);
  }

  Look calm() {
    return new Look(width, height, colours, ReducedMotion.REDUCE, webSocket);
  }

  Look withoutWebSocket() {
    return new Look(width, height, colours, motion, false);
  }
}
