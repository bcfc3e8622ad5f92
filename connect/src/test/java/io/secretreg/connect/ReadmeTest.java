package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    @Test
    void listsEachSettingWithItsDefault() throws IOException {
        String section = section("## Settings of the provider");
        Matcher rows = Pattern.compile("^\\| `([^`]+)` \\| (?:`([^`]+)`|–) \\|", Pattern.MULTILINE).matcher(section);
        List<String> told = new ArrayList<>();
        while (rows.find()) told.add(rows.group(1) + "=" + rows.group(2));
        assertEquals(
                Arrays.stream(Setting.values()).map(one -> one.key + "=" + one.standard).collect(Collectors.toList()), told);
    }

    @Test
    void showsAWorkersFileThatIsTaken() throws IOException {
        Matcher lines = Pattern.compile("^config\\.providers\\.secret\\.(?:class|param\\.([^=]+))=(.*)$", Pattern.MULTILINE)
                .matcher(section("## The worker's file"));
        Map<String, String> params = new HashMap<>();
        while (lines.find()) {
            if (lines.group(1) == null) assertEquals(SecretRegistryConfigProvider.class.getName(), lines.group(2));
            else params.put(lines.group(1), lines.group(2));
        }
        assertTrue(params.containsKey("ssl.truststore.location"));
        assertEquals(List.of(), ProviderSettings.parse(params).warnings());
    }

    private static String section(String title) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int begin = readme.indexOf(title);
        assertTrue(begin >= 0, title);
        return readme.substring(begin, readme.indexOf("\n## ", begin + 1));
    }
}
