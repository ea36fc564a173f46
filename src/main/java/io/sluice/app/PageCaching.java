package io.sluice.app;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.types.files.FileCustomizableResponseType;
import io.micronaut.http.server.types.files.StreamedFile;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Lets browsers keep the files of the page, but ask each time whether they are still the same (RFC
 * 9111 §5.2.2.4): the scripts of two versions never meet in one page, and nothing is sent twice.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class PageCaching {
  /**
   * Marks a file with what tells it from the one of another build, or answers that the browser has
   * it already.
   *
   * @throws UncheckedIOException where the file that is not sent cannot be closed
   */
  @ResponseFilter
  HttpResponse<?> mark(HttpRequest<?> request, MutableHttpResponse<?> response) {
    if (!(response.body() instanceof FileCustomizableResponseType file)) {
      return response;
    }
    String tag = "\"" + Long.toHexString(file.getLastModified()) + "-" + file.getLength() + "\"";
    if (tag.equals(request.getHeaders().get(HttpHeaders.IF_NONE_MATCH))) {
      close(file);
      return marked(HttpResponse.notModified(), tag);
    }
    return marked(response, tag);
  }

  private static MutableHttpResponse<?> marked(MutableHttpResponse<?> response, String tag) {
    return response.header(HttpHeaders.ETAG, tag).header(HttpHeaders.CACHE_CONTROL, "no-cache");
  }

  /** A file out of a jar is open already. */
  private static void close(FileCustomizableResponseType file) {
    if (file instanceof StreamedFile open) {
      try {
        open.getInputStream().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
