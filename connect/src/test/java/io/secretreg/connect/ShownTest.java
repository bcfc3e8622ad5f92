package io.secretreg.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShownTest {
    @Test
    void quotesANameOnOneLine() {
        assertEquals("'orders'", Shown.name("orders"));
        assertEquals("''", Shown.name(""));
        assertEquals("'a\\u000aERROR all is well'", Shown.name("a\nERROR all is well"));
        assertEquals("'\\u2028 \\u202e \\u0000 \\u001b[31m \\ud83d é 😀'", Shown.name("\u2028 \u202e \0 \u001b[31m \ud83d é 😀"));
    }

    @Test
    void cutsWhatNobodyReads() {
        assertEquals("'" + "😀".repeat(80) + "…'", Shown.name("😀".repeat(100_000)));
        List<String> names = IntStream.range(0, 25).mapToObj(i -> "k" + i).collect(Collectors.toList());
        assertEquals(names.subList(0, 20).stream().map(Shown::name).collect(Collectors.joining(", ")) + " and 5 more", Shown.names(names));
    }
}
