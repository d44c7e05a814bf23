"""The 256 key words: six of them, read aloud over the telephone, compare two keys.

Everyday two-character words. Any two differ by at least two letters of toneless pinyin even where n and l, r and l,
zh and z, ch and c, sh and s, final n and ng, or hu and f are spoken alike, as they are around Huangshi
(tests/sync/format/test_words.py holds it). The list never changes: words of a key would.
"""

_SPOKEN = """
太阳 月亮 星空 白云 雨伞 彩虹 雪花 春风 雷声 露珠 海浪 河流 湖水 泉水 瀑布 山峰
草原 森林 沙滩 石头 火山 冰川 田野 果园 花园 竹林 池塘 小溪 大桥 码头 灯塔 城墙
车站 机场 铁路 公园 学校 书店 邮局 超市 厨房 客厅 阳台 门窗 楼梯 屋顶 围墙 院子
仓库 工厂 农村 广场 街道 苹果 香蕉 葡萄 西瓜 草莓 樱桃 桃子 柠檬 橙子 荔枝 菠萝
核桃 花生 红枣 板栗 石榴 芒果 甘蔗 椰子 杏仁 白菜 萝卜 土豆 番茄 紫菜 茄子 豆腐
蘑菇 木耳 玉米 大米 小麦 面条 饺子 汤圆 粽子 月饼 蛋糕 饼干 面包 豆浆 牛奶 绿茶
咖啡 果汁 蜂蜜 食盐 酱油 辣椒 生姜 大蒜 香葱 南瓜 冬瓜 莲藕 芹菜 菠菜 韭菜 熊猫
老虎 骆驼 松鼠 刺猬 狐狸 绵羊 山羊 白马 毛驴 孔雀 喜鹊 麻雀 老鹰 蝴蝶 蜜蜂 蜻蜓
蚂蚁 青蛙 乌龟 鲤鱼 金鱼 海豚 螃蟹 龙虾 贝壳 袋鼠 企鹅 牡丹 玫瑰 荷花 菊花 梅花
桂花 茉莉 月季 杜鹃 柳树 杨树 银杏 枫叶 梧桐 牵牛 沙发 书架 衣柜 台灯 闹钟 毛巾
牙刷 脸盆 水桶 扫帚 拖把 茶壶 菜刀 铁锅 冰箱 风扇 电视 电话 剪刀 针线 纽扣 手套
围巾 皮鞋 外套 背包 手表 眼镜 枕头 窗帘 铅笔 钢笔 毛笔 橡皮 书包 黑板 地图 邮票
字典 算盘 印章 墨水 火车 飞机 轮船 单车 卡车 地铁 帆船 火箭 气球 风筝 滑梯 秋千
积木 陀螺 足球 篮球 跳绳 游泳 跑步 钓鱼 爬山 扫地 读书 钢琴 吉他 二胡 喇叭 铃铛
锣鼓 口琴 电影 故事 诗歌 照片 弯路 灯笼 对联 窗花 铁锤 螺丝 砖头 水泥 水管 灯泡
锄头 扁担 裁缝 珍珠 羊毛 木材 煤炭 早晨 中午 傍晚 夜晚 今天 明年 春季 左手 头发
"""

WORDS: tuple[str, ...] = tuple(_SPOKEN.split())

SPOKEN = 6
"""How many words name a key: 48 bits, more than anyone finds a second key for while a caller waits."""


def key_words(digest: bytes) -> tuple[str, ...]:
    """The words of a key's hash, one for each of its first bytes."""
    return tuple(WORDS[byte] for byte in digest[:SPOKEN])
