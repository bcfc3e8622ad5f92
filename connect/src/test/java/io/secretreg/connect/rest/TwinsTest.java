package io.secretreg.connect.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwinsTest {
    @ParameterizedTest
    @ValueSource(strings = {"Registration", "Guard", "SecretPaths"})
    void theClassesOfTheTwoNamespacesDifferInNothingElse(String name) throws IOException {
        Path folder = Path.of("src/main/java/io/secretreg/connect/rest");
        String javax = Files.readString(folder.resolve("Javax" + name + ".java"));
        String jakarta = Files.readString(folder.resolve("Jakarta" + name + ".java"));
        assertEquals(jakarta, javax.replace("javax", "jakarta").replace("Javax", "Jakarta"));
    }
}
