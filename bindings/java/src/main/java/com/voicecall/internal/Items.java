package com.voicecall.internal;

import java.util.Arrays;
import java.util.List;

/** Lists as immutable objects keep them. */
public final class Items {
    private Items() {
    }

    /**
     * A copy that nobody changes.
     *
     * @param name what the list is called
     * @param items the items, or null
     * @param <T> type of the items
     * @return the copy; null for null
     * @throws NullPointerException an item is null; the message tells which
     */
    public static <T> List<T> copy(String name, List<T> items) {
        if (items == null) {
            return null;
        }
        int index = 0;
        for (T item : items) {
            if (item == null) {
                throw new NullPointerException(name + "[" + index + "] is null");
            }
            index++;
        }
        return List.copyOf(items);
    }

    public static boolean same(Object[] left, Object[] right) {
        return Arrays.equals(left, right);
    }
}
