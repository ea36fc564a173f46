package io.sluice.app;

import java.util.regex.Pattern;

/**
 * What Kubernetes and old container links put into the environment of every container beside a
 * service of some name: they look like settings and are none.
 */
final class ServiceLinks {
  private static final String REST =
      "_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)";
  private static final Pattern OF_SLUICE = Pattern.compile("SLUICE" + REST);
  private static final Pattern OF_KAFKA = Pattern.compile("KAFKA" + REST);

  private ServiceLinks() {}

  /** Whether it is of a service that is called sluice or sluice-something. */
  static boolean isOfSluice(String variable) {
    return OF_SLUICE.matcher(variable).matches();
  }

  /** Whether it is of a service that is called kafka or kafka-something. */
  static boolean isOfKafka(String variable) {
    return OF_KAFKA.matcher(variable).matches();
  }
}
