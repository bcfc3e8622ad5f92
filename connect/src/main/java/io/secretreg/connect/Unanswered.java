package io.secretreg.connect;

/** No whole answer came from one server. */
final class Unanswered extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    Unanswered(Failure failure) {
        super(failure.reason());
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
