from src.loader import create

data = create("ships", True)
