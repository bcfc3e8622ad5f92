package io.secretreg.connect;

/** One reference as Kafka sees it. Offsets are UTF-16 code units of the scanned text, {@code end} is exclusive. */
public final class Reference {
    private final int start;
    private final int end;
    private final String provider;
    private final String path;
    private final String key;

    Reference(int start, int end, String provider, String path, String key) {
        this.start = start;
        this.end = end;
        this.provider = provider;
        this.path = path;
        this.key = key;
    }

    public int start() {
        return start;
    }

    public int end() {
        return end;
    }

    public String provider() {
        return provider;
    }

    /** {@code ""} where the reference names none, which is what Kafka asks the provider for. */
    public String path() {
        return path == null ? "" : path;
    }

    /** True with two colons: {@code ${secret::k}} has an empty path, {@code ${secret:k}} has none. */
    public boolean hasPath() {
        return path != null;
    }

    public String key() {
        return key;
    }

    /** As it stands in the scanned text. */
    public String text() {
        return "${" + provider + ":" + (path == null ? "" : path + ":") + key + "}";
    }
}
