def build(folder):
    raise NotImplementedError
