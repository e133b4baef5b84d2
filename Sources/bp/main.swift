print("bp")
