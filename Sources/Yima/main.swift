import YimaCommand

await Yima.start()
