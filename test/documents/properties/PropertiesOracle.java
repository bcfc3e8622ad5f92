import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * On each line of standard input the units of a text as four hexadecimal digits each; on standard output what
 * java.util.Properties reads of it, in order: names and values in the same digits, parted by blanks, or `refused`. With the
 * argument `file` it reads the text as the bytes of a file in UTF-8, as Kafka's Utils.loadProps does.
 */
public final class PropertiesOracle {
    private PropertiesOracle() {}

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        for (String line = in.readLine(); line != null; line = in.readLine())
            out.print(read(unhex(line), args.length > 0) + "\n");
        out.flush();
    }

    private static String read(String text, boolean asFile) throws IOException {
        List<String> settings = new ArrayList<>();
        Properties properties =
                new Properties() {
                    @Override
                    public synchronized Object put(Object name, Object value) {
                        settings.add("=" + hex((String) name) + "=" + hex((String) value));
                        return super.put(name, value);
                    }
                };
        try {
            if (asFile) properties.load(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            else properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            return "refused";
        }
        return String.join(" ", settings);
    }

    private static String hex(String text) {
        StringBuilder all = new StringBuilder();
        text.chars().forEach(unit -> all.append(String.format("%04x", unit)));
        return all.toString();
    }

    private static String unhex(String digits) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < digits.length(); i += 4) all.append((char) Integer.parseInt(digits.substring(i, i + 4), 16));
        return all.toString();
    }
}
