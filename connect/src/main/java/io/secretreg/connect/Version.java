package io.secretreg.connect;

/** The version of this plugin, as in pom.xml: a test compares them. */
final class Version {
    static final String NUMBER = "0.1.0";

    private Version() {}
}
