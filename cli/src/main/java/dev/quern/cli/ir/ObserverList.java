package dev.quern.cli.ir;

import dev.quern.codegen.Selection;
import dev.quern.compiler.CompileObserver;
import dev.quern.ir.Module;
import dev.quern.ir.Stage;
import dev.quern.plan.Plan;
import java.util.List;

/**
 * Several observers, told in order.
 *
 * @param observers who listens
 */
public record ObserverList(List<CompileObserver> observers) implements CompileObserver {
    public ObserverList {
        observers = List.copyOf(observers);
    }

    /** These observers, in order. */
    public static ObserverList of(CompileObserver... observers) {
        return new ObserverList(List.of(observers));
    }

    @Override
    public void imported(Module module) {
        observers.forEach(each -> each.imported(module));
    }

    @Override
    public void ran(int index, String pass, Module before, Module after, long nanoseconds) {
        observers.forEach(each -> each.ran(index, pass, before, after, nanoseconds));
    }

    @Override
    public void failed(int index, String pass, Module before, RuntimeException problem) {
        observers.forEach(each -> each.failed(index, pass, before, problem));
    }

    @Override
    public void selected(Selection selection) {
        observers.forEach(each -> each.selected(selection));
    }

    @Override
    public void planned(Plan plan) {
        observers.forEach(each -> each.planned(plan));
    }

    @Override
    public void loweringFailed(Stage target, Module before, RuntimeException problem) {
        observers.forEach(each -> each.loweringFailed(target, before, problem));
    }
}
