package io.sluice.channel;

import io.sluice.channel.Template.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what belongs to a name by one walk over its characters, however many templates there are: a
 * tree of characters, in which a variable is a node that may follow itself. Filled once, then
 * immutable.
 *
 * <p>Several nodes can be walked at once where a template has literal text in the place of another
 * one's variable. They are few: a segment has one variable, so no node is reached in two ways.
 *
 * @param <T> what belongs to a name
 */
final class NameTree<T> {
  private static final class Node<T> {
    final Map<Character, Node<T>> literals = new HashMap<>(2);
    final boolean isVariable;
    @Nullable Node<T> variable;
    @Nullable T value;

    Node(boolean isVariable) {
      this.isVariable = isVariable;
    }

    Node<T> literal(char c) {
      return literals.computeIfAbsent(c, key -> new Node<>(false));
    }

    Node<T> variable() {
      Node<T> there = variable;
      if (there == null) {
        there = new Node<>(true);
        variable = there;
      }
      return there;
    }

    void step(char c, List<Node<T>> next) {
      Node<T> literal = literals.get(c);
      if (literal != null) {
        next.add(literal);
      }
      if (Characters.isOfValue(c)) {
        if (variable != null) {
          next.add(variable);
        }
        if (isVariable) {
          next.add(this);
        }
      }
    }
  }

  private final Node<T> root = new Node<>(false);

  /** Adds {@code template}, which overlaps none that is there. */
  void add(NameTemplate template, T value) {
    Node<T> node = root;
    for (Part part : template.parts()) {
      switch (part) {
        case Part.Literal(String text) -> {
          for (int i = 0; i < text.length(); i++) {
            node = node.literal(text.charAt(i));
          }
        }
        case Part.Variable _ -> node = node.variable();
      }
    }
    node.value = value;
  }

  /** What belongs to {@code name}; {@code null} where nothing does. */
  @Nullable T find(String name) {
    List<Node<T>> now = new ArrayList<>(4);
    List<Node<T>> next = new ArrayList<>(4);
    now.add(root);
    for (int i = 0; i < name.length() && !now.isEmpty(); i++) {
      next.clear();
      for (Node<T> node : now) {
        node.step(name.charAt(i), next);
      }
      List<Node<T>> passed = now;
      now = next;
      next = passed;
    }
    for (Node<T> node : now) {
      if (node.value != null) {
        return node.value;
      }
    }
    return null;
  }
}
