package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class VersionTest {
    @Test
    void isThatOfTheModule() throws IOException {
        String module = "<artifactId>secretreg-connect</artifactId>\n  <version>" + Version.NUMBER + "</version>";
        assertTrue(Files.readString(Path.of("pom.xml")).contains(module));
    }
}
