package dev.quern.browsercheck;

/** Reaches every browser-safe module from one entry point. */
public final class BrowserCheck {
    private BrowserCheck() {}

    /** Calls each module; the output keeps the calls from being removed as useless. */
    public static void main(String[] arguments) {
        System.out.println(IntermediateCheck.run());
        System.out.println(PassesCheck.run());
        System.out.println(PlanCheck.run());
        System.out.println(WholePathCheck.run());
        System.out.println(ChatCheck.run());
    }
}
