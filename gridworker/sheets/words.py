"""The words ledgers use for their columns, and the field each one means.

The headers are those quoted in domain.md 5.2 and 5.3 and their kin, without spaces and stars, half-width, in capitals.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Field(StrEnum):
    """What a column holds. The value is the word kept in a remembered mapping."""

    NAME = "name"
    ID_NUMBER = "id_number"
    ID_LAST4 = "id_last4"
    ID_TYPE = "id_type"
    SEX = "sex"
    BIRTH = "birth_date"
    RELATION = "relation"
    PHONE = "phone"
    HEAD = "head"
    IS_HEAD = "is_head"
    HEAD_ID = "head_id_number"
    HEAD_PHONE = "head_phone"
    ESTATE = "estate"
    BUILDING = "building"
    UNIT = "unit"
    FLOOR = "floor"
    ROOM = "room"
    ADDRESS = "address"
    HOUSEHOLD_NO = "household_no"
    CONTACT = "contact"
    CONTACT_RELATION = "contact_relation"
    CONTACT_PHONE = "contact_phone"
    TAGS = "tags"
    TAG = "tag"
    NOTE = "note"
    CHANGE = "change"
    CHANGE_DATE = "change_date"
    MOVED_OUT = "moved_out"
    DECEASED = "deceased"
    RESIDENCE = "residence"
    SERIAL = "serial"
    SENSITIVE = "sensitive"
    IGNORED = "ignored"


class Meaning(NamedTuple):
    """What a header means; ``tag`` is the tag that a tick under it gives."""

    field: Field
    tag: str = ""


_ALIASES: dict[Field, str] = {
    Field.NAME: (
        "姓名 名字 居民姓名 人员姓名 人员 成员姓名 家庭成员姓名 家庭成员 住户姓名 本人姓名 人口姓名 居住人姓名 "
        "住户 村民姓名 村民 居住人员姓名 居住人 居住人员 公民姓名 租户姓名 租客姓名 承租人姓名 承租人 对象姓名 "
        "人员名称 成员 居民 户主及成员 户主及成员姓名 户主及家庭成员 户主及家庭成员姓名 户主和家庭成员 户主与家庭成员 "
        "户主/成员姓名 户主/家庭成员姓名 NAME 姓名及电话 姓名及联系电话 姓名及联系方式 姓名及手机号 姓名电话 姓名/电话 "
        "姓名、电话 姓名/联系电话 姓名、联系电话 姓名联系电话 姓名联系方式 姓名/联系方式 姓名和电话 姓名+电话 姓名手机 "
        "户籍人员姓名 户籍人口姓名 实际居住人 实际居住人姓名 本户人员 家庭人员 户内人员 人名 "
        "业主/住户 业主/住户姓名 住户/业主姓名 租住人员 租住人员姓名 租住人 租住人姓名 "
        "参保人 参保人姓名 参保人员姓名 被登记人 被登记人姓名 被采集人 被采集人姓名"
    ),
    Field.ID_NUMBER: (
        "身份证号 身份证号码 身份证 公民身份号码 公民身份证号码 公民身份证号 公民身份证 居民身份证号 "
        "居民身份证号码 居民身份证 证件号 证件号码 身份号码 身份证件号 身份证件号码 身份证件 证件编号 身份证编号 "
        "身份证ID 身份证NO 本人身份证号 IDCARD IDNO"
    ),
    Field.ID_TYPE: "证件类型 证件类别 证件名称 证件种类",
    Field.SEX: "性别 男女 男/女 性别代码 性 SEX GENDER",
    Field.BIRTH: (
        "出生日期 出生年月 出生年月日 生日 出生时间 出生 出生日 出生年份 出生年 生年月日 出生年月(日) BIRTHDAY"
    ),
    Field.RELATION: (
        "与户主关系 与户主的关系 和户主关系 户主关系 同户主关系 与户主之关系 家庭关系 关系 成员关系 家庭成员关系 "
        "称谓 称呼 关系代码 与户主关系代码 与本户户主关系 是户主的什么人 户主/成员 户主或成员 户主/家庭成员 人员关系 "
        "户内关系 RELATION"
    ),
    Field.HEAD: (
        "户主 户主姓名 户主名 户主名字 户主名称 家庭户主 所属户主 户主(姓名) 户主及电话 户主及联系电话 户主及联系方式 "
        "户主姓名及电话 户主姓名及联系电话 户主姓名/电话 户主姓名、电话 户主/电话 户主、电话 户主姓名电话"
    ),
    Field.IS_HEAD: "是否户主 是否为户主",
    Field.ESTATE: (
        "小区 小区名称 小区名 所属小区 居住小区 现住小区 所在小区 院落 院落名称 小区院落 小区(院落) 住宅小区 楼盘"
    ),
    Field.BUILDING: (
        "楼栋 楼号 栋 幢 栋号 幢号 楼栋号 楼幢 楼幢号 楼房号 座 座号 楼 楼宇 楼宇名称 楼栋名称 建筑 建筑名称 几栋 "
        "栋数 号楼 楼座 栋座 楼栋编号 现住小区/建筑 小区/建筑 栋幢 栋/幢 楼/栋 楼栋(幢) 幢(栋) 栋(幢) 所在楼栋 "
        "所属楼栋 居住楼栋 BUILDING"
    ),
    Field.UNIT: "单元 单元号 门洞 门洞号 单元门 所属单元 所在单元 几单元 楼门 楼门号 门栋 门栋号 楼道 楼道号 UNIT",
    Field.FLOOR: "楼层 层 所在楼层 居住楼层 楼层号 层号 FLOOR",
    Field.ROOM: (
        "室 室号 房号 房间号 房间号码 房间 门牌 门牌号 门牌号码 房屋号 房门号 户室 户室号 房 门室 房室号 住房号 "
        "住房编号 房屋编号 门号 户室房号 室(户) 室/户 房室 房间编号 现住详细门牌 详细门牌 现住门牌 门牌房号 "
        "室房号 门面号 商铺号 铺号 铺面号 店铺号 ROOM"
    ),
    Field.HOUSEHOLD_NO: "户号 户编号 家庭编号 户序号 住户编号 家庭号 户ID 家庭户号 户籍编号 户口编号 户口簿号 户口本号",
    Field.CONTACT: (
        "紧急联系人 紧急联系人姓名 应急联系人 应急联系人姓名 紧急联络人 紧急联络人姓名 紧急联系人及电话 "
        "紧急联系人和电话 紧急联系人/电话 紧急联系人、电话 紧急联系人及联系电话 紧急联系人及联系方式 "
        "紧急联系人姓名及电话"
    ),
    Field.CONTACT_RELATION: "紧急联系人关系 与紧急联系人关系 紧急联系人与本人关系 紧急联系人与其关系 应急联系人关系",
    Field.CONTACT_PHONE: (
        "紧急联系人电话 紧急联系电话 紧急联系人联系电话 紧急联系人手机 紧急联系人手机号 紧急联系人手机号码 "
        "紧急联系人联系方式 紧急联系人电话号码 应急联系人电话 应急联系电话 应急联系人联系电话 紧急联系方式 "
        "紧急联络人电话"
    ),
    Field.TAGS: (
        "人员类别 人员类型 人群类别 人群类型 人群分类 特殊人群 重点人群 特殊人群类别 特殊人群类型 重点人群类别 "
        "重点人群类型 重点类别 关爱类别 关爱对象 关爱对象类别 关爱人群 关爱人群类别 重点关爱对象 重点关爱类别 "
        "服务对象类别 服务对象 服务类别 标签 人员标签 居民标签 人员属性 特殊群体 困难群体 困难类别 困难类型 "
        "困难状况 救助类别 救助类型 帮扶类别 特殊情况 特殊类别 人口类别 居民类别 对象类别 类别 人员分类 特殊身份 "
        "身份类别 重点关爱人群 特殊群体类别 困难群体类别 群体类别 人群标签 特殊人员 特殊人员类别 人群 所属群体 "
        "服务人群 重点服务对象 TAGS"
    ),
    Field.NOTE: (
        "备注 备注信息 说明 情况说明 备注说明 其他 其他情况 备考 附注 注 其它 其它情况 其他说明 情况备注 备注情况 "
        "NOTE REMARK"
    ),
    Field.CHANGE: (
        "变动情况 变动 变动类型 变动类别 变动原因 变更情况 异动情况 异动 变化情况 人员变动 人口变动 人员变动情况 "
        "人口变动情况 人员状态 居民状态 状态 在住状态 当前状态 生存状态 在册状态 变动状态 增减情况 "
        "变动情况说明 变动说明 异动说明 变更说明 变更类型 人员现状 注销原因 注销类型 注销类别 销户原因 减少原因 "
        "减员原因 核减原因 增减 增/减 增减类型 增减变动 增减原因 是否健在 是否在世 健在情况 生存状况 STATUS"
    ),
    Field.CHANGE_DATE: (
        "变动日期 变动时间 变更日期 变更时间 异动日期 异动时间 变化日期 变化时间 状态日期 变动年月 注销日期 注销时间"
    ),
    Field.MOVED_OUT: (
        "迁出原因 搬离原因 "
        "是否迁出 是否已迁出 是否搬离 是否搬走 是否已搬离 是否搬出 迁出日期 迁出时间 搬离日期 搬离时间"
    ),
    Field.DECEASED: "是否死亡 是否已死亡 是否去世 是否已去世 死亡日期 死亡时间 去世日期 去世时间",
    Field.RESIDENCE: (
        "人户状态 人口性质 户口性质 户口类别 户口类型 常住类型 居住类型 居住类别 是否人户分离 人户一致标识 "
        "人户一致标志 居住性质 户籍类型 户籍性质 是否常住 是否常住人口 是否户籍人口 是否流动人口 是否本地户籍 "
        "居住状态"
    ),
    Field.SERIAL: "序号 编号 序 顺序号 行号 NO №",
}
_OUR_FORMS: dict[Field, str] = {
    Field.NAME: "FULLNAME RESIDENT RESIDENTNAME",
    Field.BIRTH: "DATEOFBIRTH DOB BIRTHDATE BIRTH",
    Field.RELATION: "RELATIONTOHEAD RELATIONSHIP RELATIONSHIPTOHEAD RELATIONSHIPTOHEADOFHOUSEHOLD",
    Field.ADDRESS: "ADDRESS HOMEADDRESS PRESENTADDRESS",
    Field.NOTE: "REMARKS NOTES COMMENTS",
    Field.PHONE: "PHONENUMBER PHONENO CONTACT CONTACTPHONE MOBILE MOBILEPHONE PHONE TEL TELEPHONE CELLPHONE",
    Field.ID_NUMBER: "IDNUMBER IDCARDNUMBER IDCARDNO",
    Field.ID_LAST4: "IDNUMBER(LASTFOUR)",
    Field.TAGS: "CAREGROUPS",
    Field.HEAD: "NAMEOFTHEHEAD HEAD HEADOFHOUSEHOLD HOUSEHOLDHEAD HOUSEHOLDER",
    Field.ESTATE: "ESTATE",
    Field.BUILDING: "BLDG BLOCK BUILDINGNO BLDGNO",
    Field.UNIT: "UNITNO",
    Field.ROOM: "ROOMNO APT FLAT DOOR DOORNO",
    Field.SERIAL: "SERIALNO SN",
    Field.HOUSEHOLD_NO: "HOUSEHOLDNUMBER",
    Field.RESIDENCE: "RESIDENCE",
}
"""The headers of our own blank forms where the window speaks English, and those of other ledgers in English."""
ALIASES = MappingProxyType({
    word: field for told in (_ALIASES, _OUR_FORMS) for field, words in told.items() for word in words.split()
})  # fmt: skip
