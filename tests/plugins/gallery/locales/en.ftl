not-that = Not that one, please.
nobody = Somebody has to come along.
unknown = There is no such thing.
