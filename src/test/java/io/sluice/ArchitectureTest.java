package io.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** The walls of the house (docs/architecture.md): what each room may import. */
@AnalyzeClasses(packages = "io.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String JDK = "java..";
  private static final String JSPECIFY = "org.jspecify..";
  private static final String SLF4J = "org.slf4j..";
  private static final String BUFFERS = "io.netty.buffer..";
  private static final String FRAME = "io.sluice.websocket.frame..";
  private static final String MESSAGE = "io.sluice.websocket.message..";
  private static final String DEFLATE = "io.sluice.websocket.deflate..";
  private static final String HANDSHAKE = "io.sluice.websocket.handshake..";
  private static final String CONNECTION = "io.sluice.websocket.connection..";
  private static final String LOG = "io.sluice.log..";
  private static final String LOGGING = "io.sluice.logging..";
  private static final String PROTOCOL = "io.sluice.protocol..";
  private static final String CHANNEL = "io.sluice.channel..";
  private static final String FILTER = "io.sluice.filter..";
  private static final String RELAY = "io.sluice.relay..";
  private static final String SESSION = "io.sluice.session..";
  private static final String SECURITY = "io.sluice.security..";
  private static final String KAFKA = "io.sluice.kafka..";
  private static final String WIRE = "io.sluice.wire..";
  private static final String TRANSPORT = "io.sluice.transport..";
  private static final String APP = "io.sluice.app..";
  private static final String EMBEDDED = "io.sluice.embedded..";

  @ArchTest static final ArchRule frame = engineRoom(FRAME, BUFFERS);
  @ArchTest static final ArchRule message = engineRoom(MESSAGE, BUFFERS, FRAME);
  @ArchTest static final ArchRule deflate = engineRoom(DEFLATE, BUFFERS, FRAME);
  @ArchTest static final ArchRule handshake = engineRoom(HANDSHAKE);

  @ArchTest
  static final ArchRule connection =
      engineRoom(CONNECTION, BUFFERS, FRAME, MESSAGE, DEFLATE, HANDSHAKE);

  @ArchTest static final ArchRule log = room(LOG);
  @ArchTest static final ArchRule logging = room(LOGGING, "ch.qos.logback..");
  @ArchTest static final ArchRule protocol = room(PROTOCOL, LOG);
  @ArchTest static final ArchRule channel = room(CHANNEL, PROTOCOL, LOG);
  @ArchTest static final ArchRule filter = room(FILTER, LOG, "dev.cel..");
  @ArchTest static final ArchRule relay = room(RELAY, LOG, FILTER, BUFFERS);
  @ArchTest static final ArchRule session = room(SESSION, PROTOCOL, RELAY, CHANNEL, LOG, SECURITY);
  @ArchTest static final ArchRule security = room(SECURITY, CHANNEL, "com.nimbusds..");
  @ArchTest static final ArchRule kafka = room(KAFKA, LOG, "org.apache.kafka..");

  @ArchTest
  static final ArchRule wire = room(WIRE, PROTOCOL, LOG, BUFFERS, "com.fasterxml.jackson.core..");

  @ArchTest
  static final ArchRule transport =
      room(TRANSPORT, "io.sluice.websocket..", WIRE, SESSION, RELAY, PROTOCOL, LOG, "io.netty..");

  @ArchTest
  static final ArchRule micronautStaysInApp =
      noClasses()
          .that()
          .resideOutsideOfPackages(APP, EMBEDDED)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micronaut..");

  @ArchTest
  static final ArchRule kafkaStaysInItsRoom =
      noClasses()
          .that()
          .resideOutsideOfPackages(KAFKA, APP, EMBEDDED)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "kafka..");

  @ArchTest
  static final ArchRule logbackStaysInItsRoom =
      noClasses()
          .that()
          .resideOutsideOfPackage(LOGGING)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ch.qos.logback..");

  @ArchTest
  static final ArchRule channelsStayInTransport =
      noClasses()
          .that()
          .resideOutsideOfPackages(TRANSPORT, APP)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty.channel..", "io.netty.handler..");

  @ArchTest
  static final ArchRule nothingButEmbeddedKnowsEmbedded =
      noClasses()
          .that()
          .resideOutsideOfPackage(EMBEDDED)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(EMBEDDED);

  /** H5: a regular expression over a header can be made to take quadratic time. */
  @ArchTest
  static final ArchRule noRegularExpressionsInTheEngine =
      noClasses()
          .that()
          .resideInAPackage("io.sluice.websocket..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.regex..");

  @ArchTest
  static final ArchRule noCycles = slices().matching("io.sluice.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule everyPackageIsNullMarked = classes().should(resideInANullMarkedPackage());

  private static ArchRule room(String room, String... mayImport) {
    return onlyKnows(room, mayImport, JDK, "javax.annotation..", JSPECIFY, SLF4J, LOGGING);
  }

  /** The engine has no logger, clock, thread or socket. */
  private static ArchRule engineRoom(String room, String... mayImport) {
    return onlyKnows(
        room,
        mayImport,
        "java.lang..",
        "java.util",
        "java.util.function..",
        "java.nio",
        "java.nio.charset..",
        "java.security..",
        JSPECIFY);
  }

  private static ArchRule onlyKnows(String room, String[] mayImport, String... everywhere) {
    String[] allowed = new String[mayImport.length + everywhere.length + 1];
    System.arraycopy(mayImport, 0, allowed, 0, mayImport.length);
    System.arraycopy(everywhere, 0, allowed, mayImport.length, everywhere.length);
    allowed[allowed.length - 1] = room;
    return classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat(
            DescribedPredicate.or(
                JavaClass.Predicates.resideInAnyPackage(allowed),
                DescribedPredicate.describe("primitive", JavaClass::isPrimitive),
                DescribedPredicate.describe(
                    "array of primitives",
                    type -> type.isArray() && type.getBaseComponentType().isPrimitive())))
        .allowEmptyShould(true);
  }

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return new ArchCondition<>("reside in a @NullMarked package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        JavaPackage room = type.getPackage();
        events.add(
            new SimpleConditionEvent(
                type,
                room.isAnnotatedWith(NullMarked.class),
                type.getName() + " is in " + room.getName()));
      }
    };
  }
}
