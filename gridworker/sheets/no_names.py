"""What stands where a name should and is none: nobody is called ``身份证号``, ``空置`` or ``小计``."""

import re

from gridworker.domain.tags import SYNONYM
from gridworker.sheets.cells import word_set
from gridworker.sheets.words import ALIASES, Field

_NAMING = frozenset({Field.NAME, Field.HEAD, Field.TAGS})
VACANT = word_set(
    "空 空户 空房 空置 空置房 空置户 空关 空关户 空关房 闲置 无人 无人居住 无人住 长期无人 长期无人居住 常年无人",
    "常年无人居住 未入住 未装修 未交房 待售 未售 待租 毛坯 毛坯房 样板间 样板房 拆迁 已拆迁 装修 装修中",
)
"""Whatever is said in brackets behind these, as of the owner, is said of a door nobody lives behind."""
_SUMS = frozenset(
    whole + part + total
    for whole in ("", "本", "全", "各")
    for part in ("", *"户页栋幢楼组村", "单元", "楼栋", "社区", "网格", "家庭")
    for total in ("合计", "总计", "小计", "共计", "累计", "总数", "人数", "户数", "总人数", "总户数", "平均")
)
NO_NAMES = (
    word_set(
        "0 / - — -- —— 无 出租 同上 已出租 已租 某某",
        "〃 暂无 不详 未知 ? ？ 待核实 待核查 未核实 待登记 未登记 待查 拒访 联系不上 无法联系",
        "不配合 拒绝登记 拒绝配合 拒不开门 锁门 门锁 敲门无人 敲门不应 敲门无应答 无应答 无人应答 无人在家 家中无人",
        "不在家 常年在外 长期在外 长期外出 外出务工 外出打工 查无此人 未见面",
        "户主 本人 租户 租客 房东 业主 住户 商铺 门面 门面房 仓库 车库 储藏室 杂物间 办公 办公室 出租房 出租屋 群租房",
        "无此人 无此户 丧偶 未婚 离异 离婚 单身 未生育 无配偶 无子女",
        "物业 物业用房 社区用房 办公用房 物管用房 物业公司 物业中心 居委会 超市 门卫室 值班室 配电房 配电室 设备间",
        "公司 孕妇 待产孕妇 孕产妇 产妇 待产妇 育龄妇女 党员 预备党员 团员 群众 老人 老年人 小孩 儿童 婴儿 保姆 学生",
        "妻子 丈夫 配偶 爱人 老伴 儿子 女儿 儿媳 女婿 父亲 母亲 公公 婆婆 岳父 岳母 爷爷 奶奶 外公 外婆 外孙 外孙女",
        "联系人 紧急联系人 联络员 监护人 经办人 填表人 填报人 制表人 审核人 采集人 登记人 负责人 代办人",
        "搬走 已搬 已搬走 搬离 已搬离 搬出 迁走 已迁走 迁出 已迁出 外迁 死亡 去世 已故 病故 出售 已出售 已售 已卖 待定",
        "男 女 妻 夫 子 父 母 儿 孙 媳 汉族 N/A NA NONE NULL TRUE FALSE 停机 空号 关机 未接听 外出 打工 务工",
        "养老院 敬老院 社区 网格 网格员 住院 出国 国外",
        "住址 地址 现住址 家庭住址 详细地址 联系方式 备注 民族 籍贯 学历 职业 示例 样例 范例 测试 此页完 本页完",
    )
    .union(VACANT, _SUMS, SYNONYM)
    .union(word for word, field in ALIASES.items() if field not in _NAMING and len(word) > 1)
)  # fmt: skip
NEVER_NAMED = re.compile(
    r":|[0-9]{4}年|[0-9][月日]|请|填|报送|务必|第[0-9]+[页张]|[0-9]+[人户页]$|^[—-]*(?:以下|以上|截止|截至)|^[Xx×*＊]{2,6}$|^[Σ∑]$"
)
"""A name has none of it: labels, days, pages, sums and remarks between the rows do."""


def is_sum(text: str) -> bool:
    """Whether a text without spaces is the word before a sum: ``小计``, ``本户合计``."""
    return text in _SUMS
